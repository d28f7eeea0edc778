{# The first day of the year of a day. #}
{% macro year_start(date_on) -%}
    cast(substring(cast({{ date_on }} as {{ dbt.type_string() }}), 1, 4) || '-01-01' as date)
{%- endmacro %}
