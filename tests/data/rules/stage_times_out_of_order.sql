{{ config(meta={'rule_id': 'stage_times_out_of_order'}) }}
-- An order's stages follow each other: arrived, into the bay, work finished, delivered.
-- A stage keyed from memory gives negative waits; the stage fact leaves its durations empty.
-- Orders that are quarantined or cancelled are judged by their events, since the fact leaves them
-- out. Not judged: stages that are missing.

with

fct_order_stages as (
    select * from {{ ref('fct_order_stages') }}
),

repair_orders as (
    select * from {{ ref('stg_dms__repair_orders') }}
),

status_events as (
    select * from {{ ref('stg_dms__ro_status_events') }}
),

left_out_orders as (
    select distinct
        repair_orders.store_id,
        repair_orders.repair_order_no
    from repair_orders
    left join fct_order_stages
        on
            {{ key(['repair_orders.store_id', 'repair_orders.repair_order_no']) }}
            = fct_order_stages.repair_order_key
    where
        (repair_orders.quarantine_rule_id is not null or repair_orders.status = 'cancelled')
        and fct_order_stages.repair_order_key is null
),

left_out_stages as (
    select
        status_events.store_id as store_key,
        {{ key(['status_events.store_id', 'status_events.repair_order_no']) }}
            as repair_order_key,
        min(case when status_events.status = 'arrived' then status_events.event_at end)
            as arrived_at,
        min(case when status_events.status = 'bay_entered' then status_events.event_at end)
            as bay_entered_at,
        min(case when status_events.status = 'work_finished' then status_events.event_at end)
            as work_finished_at,
        max(case when status_events.status = 'delivered' then status_events.event_at end)
            as delivered_at
    from status_events
    inner join left_out_orders
        on
            status_events.store_id = left_out_orders.store_id
            and status_events.repair_order_no = left_out_orders.repair_order_no
    where status_events.quarantine_rule_id is null
    group by
        status_events.store_id,
        {{ key(['status_events.store_id', 'status_events.repair_order_no']) }}
),

stages as (
    select
        store_key,
        repair_order_key,
        business_on,
        arrived_at,
        bay_entered_at,
        work_finished_at,
        delivered_at
    from fct_order_stages

    union all

    select
        store_key,
        repair_order_key,
        cast(coalesce(arrived_at, bay_entered_at, work_finished_at) as date) as business_on,
        arrived_at,
        bay_entered_at,
        work_finished_at,
        delivered_at
    from left_out_stages
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
    from stages
    where
        bay_entered_at < arrived_at
        or work_finished_at < bay_entered_at
        or delivered_at < work_finished_at
        or delivered_at < arrived_at
)

select * from final
