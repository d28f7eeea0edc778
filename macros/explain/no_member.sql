{# What stands where a row belongs to no member of a dimension, so that it keeps a place of its own. #}
{% macro no_member() -%}
    '(none)'
{%- endmacro %}
