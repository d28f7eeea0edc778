{{ config(materialized='ephemeral') }}

with

repair_orders as (
    {{ current_rows('dms.repair_orders', 'stg_dms__repair_orders') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

affected_span as (
    {{ affected_span('orders') }}
),

final as (
    select
        {{ key(['repair_orders.store_id', 'repair_orders.repair_order_no']) }} as repair_order_key,
        repair_orders.store_id,
        repair_orders.repair_order_no,
        repair_orders.vehicle_id,
        repair_orders.customer_id,
        repair_orders.advisor_id,
        repair_orders.appointment_id,
        repair_orders.channel,
        repair_orders.order_type,
        repair_orders.fault_system,
        repair_orders.pay_type,
        repair_orders.package_code,
        repair_orders.status,
        repair_orders.entry_channel,
        repair_orders.arrived_at,
        repair_orders.opened_at,
        repair_orders.promised_at,
        repair_orders.closed_at,
        {{ local_date('repair_orders.opened_at', 'store_offsets.utc_offset_minutes') }}
            as business_on,
        {{ local_date('repair_orders.closed_at', 'closing_offsets.utc_offset_minutes') }}
            as closed_on,
        repair_orders.odometer_km,
        repair_orders.total_amount,
        repair_orders.status = 'cancelled' as is_cancelled,
        repair_orders.status = 'closed' and repair_orders.closed_at is not null as is_closed
    from repair_orders
    cross join affected_span
    inner join store_offsets
        on
            repair_orders.store_id = store_offsets.store_key
            and repair_orders.opened_at >= store_offsets.valid_from_at
            and repair_orders.opened_at < store_offsets.valid_to_at
    left join store_offsets as closing_offsets
        on
            repair_orders.store_id = closing_offsets.store_key
            and repair_orders.closed_at >= closing_offsets.valid_from_at
            and repair_orders.closed_at < closing_offsets.valid_to_at
    where
        repair_orders.opened_at >= affected_span.first_on
        and repair_orders.opened_at < affected_span.end_on
)

select * from final
