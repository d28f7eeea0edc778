{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('orders') }}",
    )
}}

with

repair_orders as (
    select * from {{ ref('int_repair_orders') }}
),

order_lines as (
    select * from {{ ref('int_repair_order_lines') }}
),

service_items as (
    select * from {{ ref('dim_service_item') }}
),

live_orders as (
    select
        repair_order_key,
        store_id,
        repair_order_no,
        business_on
    from repair_orders
    where
        not is_cancelled
        and business_on in ({{ affected_dates('orders') }})
),

final as (
    select
        order_lines.line_key,
        live_orders.repair_order_key,
        live_orders.store_id as store_key,
        live_orders.business_on,
        order_lines.line_type,
        order_lines.service_item_code as service_item_key,
        service_items.service_line,
        order_lines.part_no as part_key,
        order_lines.technician_id as technician_key,
        order_lines.pay_type,
        order_lines.fill_status,
        order_lines.hours_sold,
        order_lines.quantity,
        order_lines.list_amount,
        order_lines.discount_amount,
        order_lines.revenue_amount,
        order_lines.cost_amount,
        order_lines.gross_profit_amount
    from order_lines
    inner join live_orders
        on
            order_lines.store_id = live_orders.store_id
            and order_lines.repair_order_no = live_orders.repair_order_no
    left join service_items
        on order_lines.service_item_code = service_items.service_item_key
)

select * from final
