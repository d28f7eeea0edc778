{{ config(materialized='ephemeral') }}

with

labour_lines as (
    {{ current_rows('dms.labour_lines', 'stg_dms__labour_lines') }}
),

part_lines as (
    {{ current_rows('dms.part_lines', 'stg_dms__part_lines') }}
),

priced as (
    select
        {{ key(["'labour'", 'labour_lines.store_id', 'labour_lines.labour_line_id']) }} as line_key,
        labour_lines.store_id,
        labour_lines.repair_order_no,
        'labour' as line_type,
        labour_lines.service_item_code,
        cast(null as {{ dbt.type_string() }}) as part_no,
        labour_lines.technician_id,
        labour_lines.pay_type,
        cast(null as {{ dbt.type_string() }}) as fill_status,
        labour_lines.hours_sold,
        cast(null as {{ numeric_type(10, 2) }}) as quantity,
        labour_lines.labour_amount as list_price_amount,
        labour_lines.discount_amount as price_cut_amount,
        labour_lines.cost_amount as charged_cost_amount
    from labour_lines

    union all

    select
        {{ key(["'part'", 'part_lines.store_id', 'part_lines.part_line_id']) }} as line_key,
        part_lines.store_id,
        part_lines.repair_order_no,
        'part' as line_type,
        part_lines.service_item_code,
        part_lines.part_no,
        cast(null as {{ dbt.type_string() }}) as technician_id,
        part_lines.pay_type,
        part_lines.fill_status,
        cast(null as {{ numeric_type(8, 2) }}) as hours_sold,
        part_lines.quantity,
        part_lines.part_amount as list_price_amount,
        part_lines.discount_amount as price_cut_amount,
        part_lines.cost_amount as charged_cost_amount
    from part_lines
),

-- A lost part was asked for and never supplied: it is demand, nobody pays for it, it costs nothing.
-- The cost of any other line that never landed is unknown, and so is its profit.
billed as (
    select
        line_key,
        store_id,
        repair_order_no,
        line_type,
        service_item_code,
        part_no,
        technician_id,
        pay_type,
        fill_status,
        hours_sold,
        quantity,
        case when fill_status = 'lost' then 0 else coalesce(list_price_amount, 0) end
            as list_amount,
        case when fill_status = 'lost' then 0 else coalesce(price_cut_amount, 0) end
            as discount_amount,
        case when fill_status = 'lost' then 0 else charged_cost_amount end
            as cost_amount
    from priced
),

final as (
    select
        line_key,
        store_id,
        repair_order_no,
        line_type,
        service_item_code,
        part_no,
        technician_id,
        pay_type,
        fill_status,
        hours_sold,
        quantity,
        list_amount,
        discount_amount,
        cast(list_amount - discount_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        cost_amount,
        cast(list_amount - discount_amount - cost_amount as {{ numeric_type(18, 2) }})
            as gross_profit_amount
    from billed
)

select * from final
