{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{ config(schema='landing') }}

{#- Not refs: the tables are read before the build replaces their open months. -#}
{%- set known = [
    table_before('intermediate', 'int_store_month_members'),
    table_before('marts', 'fct_metric_members'),
] | select | list %}

with

affected as (
    select * from {{ ref('int_affected_dates') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

-- The days of a fact are the days of a domain.
domains as (
    {%- for fact, domain in member_fact_domains().items() %}
        select
            '{{ fact }}' as fact_code,
            '{{ domain }}' as domain_name
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

touched_months as (
    select distinct
        domains.fact_code,
        affected.store_key,
        {{ month_start('affected.business_on') }} as month_start_on
    from affected
    inner join domains on affected.domain_name = domains.domain_name
),

open_months as (
    select
        touched_months.fact_code,
        stores.store_key,
        touched_months.month_start_on
    from touched_months
    inner join stores
        on touched_months.store_key is null or touched_months.store_key = stores.store_key
    {%- for table in known %}

        union all

        -- Comebacks of these months have ripened since, or may yet.
        select
            'comebacks' as fact_code,
            store_key,
            month_start_on
        from {{ table }}
        where part = 'whole' and not is_settled
    {%- endfor %}
),

final as (
    select distinct
        fact_code,
        store_key,
        month_start_on
    from open_months
)

select * from final
