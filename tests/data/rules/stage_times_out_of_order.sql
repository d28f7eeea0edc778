{{ config(meta={'rule_id': 'stage_times_out_of_order'}) }}
-- An order's stages follow each other: arrived, into the bay, work finished, delivered.
-- A stage keyed from memory gives negative waits; the stage fact leaves its durations empty.
-- Not judged: stages that are missing.

with

fct_order_stages as (
    select * from {{ ref('fct_order_stages') }}
),

final as (
    select
        store_key as store_id,
        business_on,
        repair_order_key as row_key,
        case
            when bay_entered_at < arrived_at then 'in the bay before it arrived'
            when work_finished_at < bay_entered_at then 'finished before it was in the bay'
            when delivered_at < work_finished_at then 'delivered before it was finished'
            else 'delivered before it arrived'
        end as detail
    from fct_order_stages
    where
        bay_entered_at < arrived_at
        or work_finished_at < bay_entered_at
        or delivered_at < work_finished_at
        or delivered_at < arrived_at
)

select * from final
