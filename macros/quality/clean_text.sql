{# A text without blanks around it; empty text is NULL. #}
{% macro clean_text(value) -%}
    nullif(trim({{ value }}), '')
{%- endmacro %}
