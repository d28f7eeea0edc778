{# Whole days from one date to another, negative when they stand in the wrong order. #}
{% macro days_between(first_on, last_on) -%}
    {{ return(adapter.dispatch('days_between', 'aftersales')(first_on, last_on)) }}
{%- endmacro %}

{% macro default__days_between(first_on, last_on) -%}
    {{ exceptions.raise_compiler_error('days_between is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__days_between(first_on, last_on) -%}
    cast({{ last_on }} - {{ first_on }} as integer)
{%- endmacro %}

{% macro spark__days_between(first_on, last_on) -%}
    datediff({{ last_on }}, {{ first_on }})
{%- endmacro %}

{% macro postgres__days_between(first_on, last_on) -%}
    cast({{ last_on }} - {{ first_on }} as integer)
{%- endmacro %}
