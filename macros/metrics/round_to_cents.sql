{# An amount in yuan that was divided, rounded to the cent, half a cent upwards. #}
{% macro round_to_cents(amount) -%}
    {{ round_half_up(amount, 18, 2) }}
{%- endmacro %}
