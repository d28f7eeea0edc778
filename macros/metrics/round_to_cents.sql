{# An amount in yuan that was divided, rounded to the cent, half a cent upwards. Casting a double to a decimal
   treats what lies next to half a cent differently on different engines; whole cents it treats alike. #}
{% macro round_to_cents(amount) -%}
    cast(
        cast(floor({{ amount }} * 100 + 0.5) as {{ double_type() }}) / 100
        as {{ numeric_type(18, 2) }}
    )
{%- endmacro %}
