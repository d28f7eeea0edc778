{# A number that is higher the worse a metric stands: the value where lower is better, its opposite where higher
   is better, the distance from the band where there is one; NULL where nothing is better. #}
{% macro badness(value, direction, band_lower, band_upper) -%}
    cast(
        case {{ direction }}
            when 'up' then -{{ value }}
            when 'down' then {{ value }}
            when 'band' then {{ band_distance(value, band_lower, band_upper) }}
        end as {{ numeric_type(20, 6) }}
    )
{%- endmacro %}
