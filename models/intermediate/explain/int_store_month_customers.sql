{#- Rebuilt in each build: which customer a record belongs to, and so when the customer first came,
    is settled late and can change for orders of long ago. -#}
{%- set customer_members = {
    'customer_kind': 'customer_kind',
    'visit_history': 'visit_history',
} -%}

with

stores as (
    select * from {{ ref('dim_store') }}
),

days as (
    select * from {{ ref('int_days') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('customer_member_months') }} as {{ dbt.type_int() }}) as month_count
),

oldest_month as (
    select
        {{ month_number('run_context.as_of_on') }} - limits.month_count + 1 as month_number
    from run_context
    cross join limits
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

sold_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

order_stages as (
    select * from {{ ref('fct_order_stages') }}
),

comebacks as (
    select * from {{ ref('fct_comebacks') }}
),

surveys as (
    select * from {{ ref('fct_surveys') }}
),

complaints as (
    select * from {{ ref('fct_complaints') }}
),

known_customers as (
    select
        customer_sources.source_customer_key,
        customers.customer_kind,
        customers.first_visit_on
    from customer_sources
    inner join customers on customer_sources.customer_key = customers.customer_key
),

order_customers as (
    select
        repair_orders.repair_order_key,
        repair_orders.business_on,
        known_customers.customer_kind,
        case
            when repair_orders.business_on = known_customers.first_visit_on then 'new'
            when repair_orders.business_on > known_customers.first_visit_on then 'returning'
        end as visit_history
    from repair_orders
    left join known_customers
        on repair_orders.source_customer_key = known_customers.source_customer_key
),

orders as (
    select
        sold_orders.*,
        order_customers.customer_kind,
        order_customers.visit_history
    from sold_orders
    inner join order_customers
        on
            sold_orders.business_on = order_customers.business_on
            and sold_orders.repair_order_key = order_customers.repair_order_key
),

{{ summed_days(
    month_number('dates.month_start_on')
    ~ ' >= (select oldest_month.month_number from oldest_month)'
) }},

{{ member_events(customer_members.values(), {
    'order_stages': 'order_customers',
    'comebacks': 'order_customers',
    'surveys': 'order_customers',
    'complaints': 'order_customers',
}) }},

{{ member_totals([
    ('opened_orders', 'orders', customer_members),
    ('staged_orders', 'stages', customer_members),
    ('index_orders', 'comebacks', customer_members),
    ('sent_surveys', 'surveys', customer_members),
    ('opened_complaints', 'complaints', customer_members),
]) }}

select * from final
