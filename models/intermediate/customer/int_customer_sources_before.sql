{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{ config(schema='landing') }}

{#- Not a ref: the table is read before the build replaces it. -#}
{%- set before = table_before('marts', 'bridge_customer_sources') -%}

{% if before %}
    select
        source_customer_key,
        customer_key
    from {{ before }}
{% else %}
    select
        cast(null as {{ dbt.type_string() }}) as source_customer_key,
        cast(null as {{ dbt.type_string() }}) as customer_key
    where false
{% endif %}
