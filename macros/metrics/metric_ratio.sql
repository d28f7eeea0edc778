{# A metric made of sums, unrounded: a plain sum where there is no denominator, NULL where it is zero. #}
{% macro metric_ratio(numerator, denominator, factor) -%}
    case
        when {{ denominator }} is null then cast({{ numerator }} as {{ double_type() }})
        when {{ denominator }} <> 0
            then
                {{ factor }} * cast({{ numerator }} as {{ double_type() }})
                / cast({{ denominator }} as {{ double_type() }})
    end
{%- endmacro %}
