{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('orders') }}",
    )
}}

with

order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

affected_days as (
    {{ affected_dates('orders') }}
),

line_sums as (
    select
        store_key,
        business_on,
        service_line,
        line_type,
        pay_type,
        count(*) as line_count,
        -- A lost part was asked for and never supplied: nobody billed it.
        sum(case when fill_status = 'lost' then 0 else 1 end) as billed_line_count,
        count(distinct repair_order_key) as order_count,
        sum(hours_sold) as hours_sold,
        sum(quantity) as quantity,
        sum(list_amount) as list_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(cost_amount) as cost_amount,
        sum(gross_profit_amount) as gross_profit_amount
    from order_lines
    where business_on in (select affected_days.date_on from affected_days)
    group by store_key, business_on, service_line, line_type, pay_type
),

final as (
    select
        store_key,
        business_on,
        service_line,
        line_type,
        pay_type,
        cast(line_count as {{ dbt.type_int() }}) as line_count,
        cast(billed_line_count as {{ dbt.type_int() }}) as billed_line_count,
        cast(order_count as {{ dbt.type_int() }}) as order_count,
        cast(coalesce(hours_sold, 0) as {{ numeric_type(18, 2) }}) as hours_sold,
        cast(coalesce(quantity, 0) as {{ numeric_type(18, 2) }}) as quantity,
        cast(list_amount as {{ numeric_type(18, 2) }}) as list_amount,
        cast(discount_amount as {{ numeric_type(18, 2) }}) as discount_amount,
        cast(revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(cost_amount as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(gross_profit_amount as {{ numeric_type(18, 2) }}) as gross_profit_amount
    from line_sums
)

select * from final
