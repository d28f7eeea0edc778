{# The median of a number within a group. #}
{% macro median(value) -%}
    {{ return(adapter.dispatch('median', 'aftersales')(value)) }}
{%- endmacro %}

{% macro default__median(value) -%}
    {{ exceptions.raise_compiler_error('median is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__median(value) -%}
    median({{ value }})
{%- endmacro %}

{% macro spark__median(value) -%}
    percentile({{ value }}, 0.5)
{%- endmacro %}

{% macro postgres__median(value) -%}
    percentile_cont(0.5) within group (order by {{ value }})
{%- endmacro %}
