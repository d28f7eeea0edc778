{# Dimensions whose members are places. #}
{% macro place_dimensions() -%}
    ('store', 'region')
{%- endmacro %}
