-- depends_on: {{ ref('int_changed_customers') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_changed_customers() }}",
    )
}}

with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

{% if is_incremental() %}
    changed_customers as (
        select * from {{ ref('int_changed_customers') }}
    ),
{% endif %}
-- Two vehicles brought on one day are two visits and one coming back.
visit_days as (
    select
        customer_sources.customer_key,
        repair_orders.business_on as visited_on,
        min(repair_orders.store_key) as store_key,
        sum(case when repair_orders.is_first_order_of_visit then 1 else 0 end) as visit_count,
        sum(repair_orders.revenue_amount) as revenue_amount
    from repair_orders
    inner join customer_sources
        on repair_orders.source_customer_key = customer_sources.source_customer_key
    {%- if is_incremental() %}
        inner join changed_customers
            on customer_sources.customer_key = changed_customers.customer_key
    {%- endif %}
    where not repair_orders.is_cancelled
    group by customer_sources.customer_key, repair_orders.business_on
    having sum(case when repair_orders.is_first_order_of_visit then 1 else 0 end) > 0
),

final as (
    select
        customer_key,
        visited_on,
        store_key,
        cast(visit_count as {{ dbt.type_int() }}) as visit_count,
        cast(revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        lag(visited_on) over (partition by customer_key order by visited_on) as previous_on,
        lead(visited_on) over (partition by customer_key order by visited_on) as next_on
    from visit_days
)

select * from final
