{# Months since the year 0, to count months between days. #}
{% macro month_number(date_on) -%}
    (extract(year from {{ date_on }}) * 12 + extract(month from {{ date_on }}))
{%- endmacro %}
