{# The mean value of a group of which a share has one value and the rest another, on one side of a
   comparison. #}
{% macro mean_of_two(side, share, with_value, without_value) -%}
    {{ side }}_{{ share }} * {{ side }}_{{ with_value }}
    + (1 - {{ side }}_{{ share }}) * {{ side }}_{{ without_value }}
{%- endmacro %}
