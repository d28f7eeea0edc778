{# Whether a deviation passes a threshold of a rule, with or without the boundary itself. #}
{% macro passes(deviation, threshold, is_inclusive) -%}
    ({{ deviation }} > {{ threshold }} or ({{ is_inclusive }} and {{ deviation }} = {{ threshold }}))
{%- endmacro %}
