{# A number plate, a VIN or a class letter: trimmed, upper case; empty text is NULL. #}
{% macro clean_upper(value) -%}
    nullif(upper(trim({{ value }})), '')
{%- endmacro %}
