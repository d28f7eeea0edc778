{# A ratio of one side of a comparison. Where this side has nothing to divide by it takes the other
   side's ratio, so that what is not there explains nothing. Sums are columns own_<sum>, base_<sum>. #}
{% macro paired_ratio(side, numerator, denominator) -%}
    {%- set other = 'base' if side == 'own' else 'own' -%}
    coalesce(
        cast({{ side }}_{{ numerator }} as {{ double_type() }})
        / nullif(cast({{ side }}_{{ denominator }} as {{ double_type() }}), 0),
        cast({{ other }}_{{ numerator }} as {{ double_type() }})
        / nullif(cast({{ other }}_{{ denominator }} as {{ double_type() }}), 0),
        0
    )
{%- endmacro %}
