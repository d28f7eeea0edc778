{# The type of a part of the store day: counts are whole numbers, all else has two decimals. #}
{% macro part_type(part) -%}
    {{ return(dbt.type_int() if part.endswith('_count') else numeric_type(18, 2)) }}
{%- endmacro %}
