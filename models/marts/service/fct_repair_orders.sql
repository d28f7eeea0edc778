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

-- A vehicle at a store on a day is one visit, however many orders were opened for it.
numbered as (
    select
        *,
        {{ key(['store_id', 'vehicle_id', 'business_on']) }} as visit_key,
        row_number() over (
            partition by store_id, vehicle_id, business_on
            order by
                case when is_cancelled then 1 else 0 end, opened_at, repair_order_no
        ) as visit_order_rank
    from repair_orders
    where business_on in ({{ affected_dates('orders') }})
),

service_line_sums as (
    select
        repair_order_key,
        service_line,
        sum(hours_sold) as hours_sold,
        sum(case when line_type = 'labour' then list_amount else 0 end) as labour_amount,
        sum(case when line_type = 'part' then list_amount else 0 end) as part_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(cost_amount) as cost_amount,
        -- Of lines whose cost is known, so that it can stand beside their cost.
        sum(case when line_type = 'labour' and cost_amount is not null then revenue_amount end)
            as labour_revenue_amount,
        sum(case when line_type = 'labour' then cost_amount end) as labour_cost_amount,
        count(cost_amount) as costed_line_count,
        sum(gross_profit_amount) as gross_profit_amount,
        count(*) as line_count
    from order_lines
    where business_on in ({{ affected_dates('orders') }})
    group by repair_order_key, service_line
),

-- The main line brought most of the revenue; the first by name of equal ones.
ranked_line_sums as (
    select
        *,
        row_number() over (
            partition by repair_order_key
            order by
                case when service_line is null then 1 else 0 end,
                revenue_amount desc,
                service_line asc
        ) as revenue_rank
    from service_line_sums
),

line_sums as (
    select
        repair_order_key,
        max(case when revenue_rank = 1 then service_line end) as main_service_line,
        sum(hours_sold) as hours_sold,
        sum(labour_amount) as labour_amount,
        sum(part_amount) as part_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(cost_amount) as cost_amount,
        sum(labour_revenue_amount) as labour_revenue_amount,
        sum(labour_cost_amount) as labour_cost_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        sum(costed_line_count) as costed_line_count,
        sum(line_count) as line_count
    from ranked_line_sums
    group by repair_order_key
),

final as (
    select
        numbered.repair_order_key,
        numbered.repair_order_no,
        numbered.store_id as store_key,
        numbered.vehicle_id as vehicle_key,
        {{ key(["'dms'", 'numbered.customer_id']) }} as source_customer_key,
        numbered.advisor_id as advisor_key,
        {{ key(['numbered.store_id', 'numbered.appointment_id']) }} as appointment_key,
        numbered.visit_key,
        numbered.channel,
        numbered.order_type,
        numbered.fault_system,
        numbered.pay_type,
        line_sums.main_service_line,
        numbered.package_code,
        numbered.status,
        numbered.entry_channel,
        numbered.is_cancelled,
        numbered.is_closed,
        numbered.visit_order_rank = 1
        and not numbered.is_cancelled
        and numbered.visit_key is not null as is_first_order_of_visit,
        numbered.package_code is not null as has_package,
        coalesce(order_types.is_package_eligible, false) as is_package_eligible,
        case when numbered.is_closed then numbered.closed_at <= numbered.promised_at end
            as is_delivered_on_time,
        numbered.odometer_km,
        cast(coalesce(line_sums.hours_sold, 0) as {{ numeric_type(12, 2) }}) as hours_sold,
        cast(coalesce(line_sums.labour_amount, 0) as {{ numeric_type(18, 2) }}) as labour_amount,
        cast(coalesce(line_sums.part_amount, 0) as {{ numeric_type(18, 2) }}) as part_amount,
        cast(coalesce(line_sums.discount_amount, 0) as {{ numeric_type(18, 2) }})
            as discount_amount,
        cast(coalesce(line_sums.revenue_amount, 0) as {{ numeric_type(18, 2) }}) as revenue_amount,
        {%- for name in [
            'cost_amount', 'labour_revenue_amount', 'labour_cost_amount', 'gross_profit_amount',
        ] %}
            case
                when line_sums.costed_line_count > 0 or line_sums.line_count is null
                    then cast(coalesce(line_sums.{{ name }}, 0) as {{ numeric_type(18, 2) }})
            end as {{ name }},
        {%- endfor %}
        cast(
            case when numbered.is_cancelled then 0 else numbered.total_amount end
            as {{ numeric_type(18, 2) }}
        ) as header_total_amount,
        cast(coalesce(line_sums.line_count, 0) as {{ dbt.type_int() }}) as line_count,
        numbered.arrived_at,
        numbered.opened_at,
        numbered.promised_at,
        numbered.closed_at,
        numbered.business_on,
        numbered.closed_on
    from numbered
    left join line_sums
        on numbered.repair_order_key = line_sums.repair_order_key
    left join order_types
        on numbered.order_type = order_types.order_type and order_types.valid_to is null
)

select * from final
