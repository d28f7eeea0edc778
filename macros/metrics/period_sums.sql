{# The columns of int_store_periods that a metric may be made of. #}
{% macro period_sums() -%}
    {{ return(store_day_sums() + mature_sums().keys() | list + paired_sums().keys() | list) }}
{%- endmacro %}
