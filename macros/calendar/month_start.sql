{# The first day of the month of a day. #}
{% macro month_start(date_on) -%}
    cast({{ year_month(date_on) }} || '-01' as date)
{%- endmacro %}
