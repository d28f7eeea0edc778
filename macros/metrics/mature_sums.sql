{# Sums that only days count for whose comebacks are all known, by the name Cube's library gives them, and the
   column of fct_store_day each is taken from. #}
{% macro mature_sums() -%}
    {{ return({
        'mature_eligible_order_count': 'comeback_eligible_order_count',
        'mature_comeback_order_count': 'comeback_order_count',
        'mature_strict_fixed_order_count': 'strict_fixed_order_count',
    }) }}
{%- endmacro %}
