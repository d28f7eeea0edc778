{# The value of a metric made of sums, for comparing and ranking inside SQL: a plain sum where there is no
   denominator, NULL where it is zero. Rounded, so that equal sums give equal values on every engine. #}
{% macro metric_value(numerator, denominator, factor) -%}
    {{ round_half_up(metric_ratio(numerator, denominator, factor), 20, 6) }}
{%- endmacro %}
