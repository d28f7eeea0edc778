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

orders as (
    select
        repair_orders.*,
        {{ customer_columns('repair_orders') }}
    from {{ ref('fct_repair_orders') }} as repair_orders
    left join known_customers
        on repair_orders.source_customer_key = known_customers.source_customer_key
),

-- The same orders once more: what is read twice is kept as a whole copy.
looked_up as (
    select
        repair_order_key,
        source_customer_key,
        business_on
    from {{ ref('fct_repair_orders') }}
),

{{ fact_codes() }},

summed_months as (
    select distinct
        fact_codes.fact_code,
        stores.store_key,
        dates.month_start_on
    from days
    inner join dates on days.date_on = dates.date_on
    inner join oldest_month
        on {{ month_number('dates.month_start_on') }} >= oldest_month.month_number
    cross join stores
    cross join fact_codes
),

{{ summed_days() }},

{{ member_events(
    customer_members.values(),
    columns=customer_columns('looked_up'),
    joined='left join known_customers'
    ~ ' on looked_up.source_customer_key = known_customers.source_customer_key',
) }},

{{ member_totals([
    ('opened_orders', 'orders', customer_members),
    ('staged_orders', 'stages', customer_members),
    ('index_orders', 'comebacks', customer_members),
    ('sent_surveys', 'surveys', customer_members),
    ('opened_complaints', 'complaints', customer_members),
], compact=true) }}

select * from final
