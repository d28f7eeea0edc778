{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('orders') }}",
    )
}}

with

line_days as (
    select * from {{ ref('int_store_day_lines') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

affected_days as (
    {{ affected_dates('orders') }}
),

line_sums as (
    select
        store_key,
        business_on,
        service_line,
        0 as order_count,
        sum(case when line_type = 'labour' then list_amount else 0 end) as labour_amount,
        sum(case when line_type = 'part' then list_amount else 0 end) as part_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(cost_amount) as cost_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        sum(hours_sold) as hours_sold
    from line_days
    where business_on in (select affected_days.date_on from affected_days)
    group by store_key, business_on, service_line
),

-- An order counts once, in the line that brought most of its revenue.
order_counts as (
    select
        store_key,
        business_on,
        main_service_line as service_line,
        count(*) as order_count,
        0 as labour_amount,
        0 as part_amount,
        0 as discount_amount,
        0 as revenue_amount,
        cast(null as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(null as {{ numeric_type(18, 2) }}) as gross_profit_amount,
        0 as hours_sold
    from repair_orders
    where
        not is_cancelled
        and business_on in (select affected_days.date_on from affected_days)
    group by store_key, business_on, main_service_line
),

both_sums as (
    select * from line_sums

    union all

    select * from order_counts
),

final as (
    select
        store_key,
        business_on,
        service_line,
        cast(sum(order_count) as {{ dbt.type_int() }}) as order_count,
        cast(coalesce(sum(labour_amount), 0) as {{ numeric_type(18, 2) }}) as labour_amount,
        cast(coalesce(sum(part_amount), 0) as {{ numeric_type(18, 2) }}) as part_amount,
        cast(coalesce(sum(discount_amount), 0) as {{ numeric_type(18, 2) }}) as discount_amount,
        cast(coalesce(sum(revenue_amount), 0) as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(coalesce(sum(cost_amount), 0) as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(coalesce(sum(gross_profit_amount), 0) as {{ numeric_type(18, 2) }})
            as gross_profit_amount,
        cast(coalesce(sum(hours_sold), 0) as {{ numeric_type(18, 2) }}) as hours_sold
    from both_sums
    group by store_key, business_on, service_line
)

select * from final
