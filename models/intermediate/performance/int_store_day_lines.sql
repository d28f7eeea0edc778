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

final as (
    select
        store_key,
        business_on,
        service_line,
        cast(sum(revenue_amount) as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(sum(gross_profit_amount) as {{ numeric_type(18, 2) }}) as gross_profit_amount
    from order_lines
    where business_on in ({{ affected_dates('orders') }})
    group by store_key, business_on, service_line
)

select * from final
