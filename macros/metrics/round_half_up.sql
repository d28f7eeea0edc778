{# A double as a decimal, half a unit of the last place upwards. Casting a double to a decimal treats what lies
   next to half a unit differently on different engines; whole units they all treat alike. #}
{% macro round_half_up(value, precision, scale) -%}
    {%- set units = '1' ~ '0' * scale -%}
    cast(
        cast(
            floor(cast({{ value }} as {{ double_type() }}) * {{ units }} + 0.5)
            as {{ double_type() }}
        ) / {{ units }} as {{ numeric_type(precision, scale) }}
    )
{%- endmacro %}
