{# Months counted from year 0, so that months can be subtracted. #}
{% macro month_number(date_on) -%}
    (extract(year from {{ date_on }}) * 12 + extract(month from {{ date_on }}))
{%- endmacro %}
