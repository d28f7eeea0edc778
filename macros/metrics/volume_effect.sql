{# What a change of volume alone makes of a cost: more units at the price of before, to the cent. Without
   units before there was no price, and the whole change is volume. #}
{% macro volume_effect(amount, base_amount, units, base_units) -%}
    case
        when {{ base_units }} > 0
            then {{ round_to_cents(
                'cast(' ~ units ~ ' - ' ~ base_units ~ ' as ' ~ double_type() ~ ')'
                ~ ' * cast(' ~ base_amount ~ ' as ' ~ double_type() ~ ')'
                ~ ' / cast(' ~ base_units ~ ' as ' ~ double_type() ~ ')'
            ) }}
        else {{ amount }} - {{ base_amount }}
    end
{%- endmacro %}
