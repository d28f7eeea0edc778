{# How far a value lies outside a band, zero inside; NULL without a value or a band. #}
{% macro band_distance(value, band_lower, band_upper) -%}
    case
        when {{ value }} is null or {{ band_lower }} is null then null
        when {{ value }} < {{ band_lower }} then {{ band_lower }} - {{ value }}
        when {{ value }} > {{ band_upper }} then {{ value }} - {{ band_upper }}
        else cast(0 as {{ numeric_type(20, 6) }})
    end
{%- endmacro %}
