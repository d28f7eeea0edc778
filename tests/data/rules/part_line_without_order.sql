{{ config(meta={'rule_id': 'part_line_without_order'}) }}
-- Every part line belongs to a repair order that landed, in whatever state.
-- A line without an order is revenue that no store, day or customer can be given.
-- Not judged: lines of quarantined or cancelled orders, which are left out on purpose.

with

stg_dms__part_lines as (
    select * from {{ ref('stg_dms__part_lines') }}
),

repair_orders as (
    select * from {{ ref('stg_dms__repair_orders') }}
),

final as (
    select
        stg_dms__part_lines.store_id,
        cast(stg_dms__part_lines.created_at as date) as business_on,
        {{ key(['stg_dms__part_lines.store_id', 'stg_dms__part_lines.part_line_id']) }} as row_key,
        'repair order ' || stg_dms__part_lines.repair_order_no || ' never landed' as detail
    from stg_dms__part_lines
    where
        stg_dms__part_lines.quarantine_rule_id is null
        and not exists (
            select repair_orders.repair_order_no
            from repair_orders
            where
                repair_orders.store_id = stg_dms__part_lines.store_id
                and repair_orders.repair_order_no = stg_dms__part_lines.repair_order_no
        )
)

select * from final
