{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{ config(schema='landing') }}

{#- Not a ref: the table is read before the build replaces it. -#}
{%- set before = table_before('intermediate', 'int_compared_stores') -%}

{% if before %}
    select * from {{ before }}
{% else %}
    select cast(null as {{ dbt.type_string() }}) as store_key
    where false
{% endif %}
