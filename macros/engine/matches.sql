{# Whether a text matches a regular expression somewhere. Write character classes ([0-9], not \d):
   engines differ in how a backslash survives a string literal. #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'aftersales')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    {{ exceptions.raise_compiler_error('matches is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__matches(text, pattern) -%}
    ({{ text }} rlike '{{ pattern }}')
{%- endmacro %}

{% macro postgres__matches(text, pattern) -%}
    ({{ text }} ~ '{{ pattern }}')
{%- endmacro %}
