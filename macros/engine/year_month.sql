{# 'YYYY-MM' of a date. #}
{% macro year_month(date_on) -%}
    substring(cast({{ date_on }} as {{ dbt.type_string() }}), 1, 7)
{%- endmacro %}
