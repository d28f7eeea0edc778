{# The first day of the month of a day: counted back by days, which is cheaper than cutting its text. #}
{% macro month_start(date_on) -%}
    {{ add_days(date_on, '1 - extract(day from ' ~ date_on ~ ')') }}
{%- endmacro %}
