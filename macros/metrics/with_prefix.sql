{# A sum of a metric's binding with a prefix before each of its columns: the same sum of another period.
   Nothing stays nothing. #}
{% macro with_prefix(expression, prefix) -%}
    {{ return(expression if expression == 'null' else modules.re.sub('([a-z][a-z0-9_]*)', prefix ~ '\\1', expression)) }}
{%- endmacro %}
