{{ config(meta={'rule_id': 'stock_differs_from_movements'}) }}
-- From one day to the next, a part's stock changes by its movements.
-- Pieces that vanish without a movement are lost, stolen or booked on paper.
-- Not judged: parts on their first reported day, and days after a gap.

with

fct_parts_stock as (
    select * from {{ ref('fct_parts_stock') }}
),

movements as (
    select * from {{ ref('stg_parts__movements') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

limits as (
    select
        {{ threshold('stock_tolerance_quantity') }} as tolerance_quantity
),

moved as (
    select
        movements.store_id,
        movements.part_no,
        {{ local_date('movements.moved_at', 'store_offsets.utc_offset_minutes') }} as moved_on,
        sum(movements.quantity) as quantity
    from movements
    inner join store_offsets
        on
            movements.store_id = store_offsets.store_key
            and movements.moved_at >= store_offsets.valid_from_at
            and movements.moved_at < store_offsets.valid_to_at
    where movements.quarantine_rule_id is null
    group by
        movements.store_id,
        movements.part_no,
        {{ local_date('movements.moved_at', 'store_offsets.utc_offset_minutes') }}
),

changes as (
    select
        today.store_key,
        today.part_key,
        today.business_on,
        today.quantity_on_hand - yesterday.quantity_on_hand as stock_change,
        coalesce(moved.quantity, 0) as moved_quantity
    from fct_parts_stock as today
    inner join fct_parts_stock as yesterday
        on
            today.store_key = yesterday.store_key
            and today.part_key = yesterday.part_key
            and today.business_on = {{ add_days('yesterday.business_on', 1) }}
    left join moved
        on
            today.store_key = moved.store_id
            and today.part_key = moved.part_no
            and today.business_on = moved.moved_on
),

final as (
    select
        changes.store_key as store_id,
        changes.business_on,
        {{ key(['changes.store_key', 'changes.part_key', 'changes.business_on']) }} as row_key,
        'stock changed by ' || cast(changes.stock_change as {{ dbt.type_string() }})
        || ', movements say ' || cast(changes.moved_quantity as {{ dbt.type_string() }}) as detail
    from changes
    cross join limits
    where abs(changes.stock_change - changes.moved_quantity) > limits.tolerance_quantity
)

select * from final
