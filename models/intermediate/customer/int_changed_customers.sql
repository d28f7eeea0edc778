-- depends_on: {{ ref('fct_repair_orders') }}
-- depends_on: {{ ref('int_affected_dates') }}
{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{
    config(
        schema='landing',
        post_hook="{{ drop_kept_table('marts', 'bridge_customer_sources') }}",
    )
}}

{%- set sources_before = kept_table('marts', 'bridge_customer_sources') -%}
{#- Not a ref: the table is read before the build replaces what changed in it. -#}
{%- set visits_before = table_before('intermediate', 'int_customer_visits') %}

with

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

{% if sources_before and visits_before %}
    repair_orders as (
        select * from {{ ref('fct_repair_orders') }}
    ),

    affected_days as (
        {{ affected_dates('orders') }}
    ),

    customer_sources_before as (
        select * from {{ sources_before }}
    ),

    -- Whoever lost a record and whoever won it; and who came on a day that is put back, as far as is
    -- known now and was known before.
    {%- for one, other in [
        ('customer_sources', 'customer_sources_before'),
        ('customer_sources_before', 'customer_sources'),
    ] %}

        only_in_{{ one }} as (
            select
                source_customer_key,
                customer_key
            from {{ one }}

            except

            select
                source_customer_key,
                customer_key
            from {{ other }}
        ),
    {%- endfor %}

    final as (
        select customer_key from only_in_customer_sources

        union distinct

        select customer_key from only_in_customer_sources_before

        union distinct

        select customer_sources.customer_key
        from repair_orders
        inner join affected_days on repair_orders.business_on = affected_days.date_on
        inner join customer_sources
            on repair_orders.source_customer_key = customer_sources.source_customer_key

        union distinct

        select visits_before.customer_key
        from {{ visits_before }} as visits_before
        inner join affected_days on visits_before.visited_on = affected_days.date_on
    )
{% else %}
    final as (
        select distinct customer_key from customer_sources
    )
{% endif %}
select * from final
