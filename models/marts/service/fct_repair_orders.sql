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
    select * from {{ ref('fct_repair_order_lines') }}
),

order_types as (
    select * from {{ ref('order_types') }}
),

line_sums as (
    select
        repair_order_key,
        sum(hours_sold) as hours_sold,
        sum(case when line_type = 'labour' then list_amount else 0 end) as labour_amount,
        sum(case when line_type = 'part' then list_amount else 0 end) as part_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(cost_amount) as cost_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        count(*) as line_count
    from order_lines
    where business_on in ({{ affected_dates('orders') }})
    group by repair_order_key
),

final as (
    select
        repair_orders.repair_order_key,
        repair_orders.repair_order_no,
        repair_orders.store_id as store_key,
        repair_orders.vehicle_id as vehicle_key,
        {{ key(["'dms'", 'repair_orders.customer_id']) }} as source_customer_key,
        repair_orders.advisor_id as advisor_key,
        {{ key(['repair_orders.store_id', 'repair_orders.appointment_id']) }} as appointment_key,
        {{ key(['repair_orders.store_id', 'repair_orders.vehicle_id', 'repair_orders.business_on']) }}
            as visit_key,
        repair_orders.channel,
        repair_orders.order_type,
        repair_orders.fault_system,
        repair_orders.pay_type,
        repair_orders.package_code,
        repair_orders.status,
        repair_orders.entry_channel,
        repair_orders.is_cancelled,
        repair_orders.is_closed,
        repair_orders.package_code is not null as has_package,
        coalesce(order_types.is_package_eligible, false) as is_package_eligible,
        case when repair_orders.is_closed then repair_orders.closed_at <= repair_orders.promised_at end
            as is_delivered_on_time,
        repair_orders.odometer_km,
        cast(coalesce(line_sums.hours_sold, 0) as {{ numeric_type(12, 2) }}) as hours_sold,
        cast(coalesce(line_sums.labour_amount, 0) as {{ numeric_type(18, 2) }}) as labour_amount,
        cast(coalesce(line_sums.part_amount, 0) as {{ numeric_type(18, 2) }}) as part_amount,
        cast(coalesce(line_sums.discount_amount, 0) as {{ numeric_type(18, 2) }}) as discount_amount,
        cast(coalesce(line_sums.revenue_amount, 0) as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(coalesce(line_sums.cost_amount, 0) as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(coalesce(line_sums.gross_profit_amount, 0) as {{ numeric_type(18, 2) }})
            as gross_profit_amount,
        cast(case when repair_orders.is_cancelled then 0 else repair_orders.total_amount end
            as {{ numeric_type(18, 2) }}) as header_total_amount,
        cast(coalesce(line_sums.line_count, 0) as {{ dbt.type_int() }}) as line_count,
        repair_orders.arrived_at,
        repair_orders.opened_at,
        repair_orders.promised_at,
        repair_orders.closed_at,
        repair_orders.business_on,
        repair_orders.closed_on
    from repair_orders
    left join line_sums
        on repair_orders.repair_order_key = line_sums.repair_order_key
    left join order_types
        on repair_orders.order_type = order_types.order_type and order_types.valid_to is null
    where repair_orders.business_on in ({{ affected_dates('orders') }})
)

select * from final
