{# What the first of two factors adds to the difference of their product, between two sides of a
   comparison: its own difference at the mean of the other. Both factors' effects make up the whole
   difference, with nothing left over. Factors are columns named own_<factor> and base_<factor>. #}
{% macro factor_effect(factor, other) -%}
    ((own_{{ factor }} - base_{{ factor }}) * (own_{{ other }} + base_{{ other }}) / 2)
{%- endmacro %}
