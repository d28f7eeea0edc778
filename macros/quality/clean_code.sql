{# A code of a code list: trimmed, lower case; empty text is NULL. #}
{% macro clean_code(value) -%}
    nullif(lower(trim({{ value }})), '')
{%- endmacro %}
