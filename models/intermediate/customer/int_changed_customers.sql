{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{ config(schema='landing') }}

{#- Not a ref: the table is read before the build replaces what changed in it. -#}
{%- set visits_before = table_before('intermediate', 'int_customer_visits') %}

with

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

customer_sources_before as (
    select * from {{ ref('int_customer_sources_before') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

affected_days as (
    {{ affected_dates('orders') }}
),

-- Whoever lost a record and whoever won it.
moved as (
    (
        select
            source_customer_key,
            customer_key
        from customer_sources

        except

        select
            source_customer_key,
            customer_key
        from customer_sources_before
    )

    union all

    (
        select
            source_customer_key,
            customer_key
        from customer_sources_before

        except

        select
            source_customer_key,
            customer_key
        from customer_sources
    )
),

final as (
    select customer_key from moved
    {%- if visits_before %}

        union distinct

        -- Who came on a day that is put back, as far as is known now and was known before.
        select customer_sources.customer_key
        from repair_orders
        inner join affected_days on repair_orders.business_on = affected_days.date_on
        inner join customer_sources
            on repair_orders.source_customer_key = customer_sources.source_customer_key

        union distinct

        select visits_before.customer_key
        from {{ visits_before }} as visits_before
        inner join affected_days on visits_before.visited_on = affected_days.date_on
    {%- endif %}
)

select * from final
