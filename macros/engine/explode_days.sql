{# Every day from one date to another, both included, as rows: the one expression of a SELECT over a
   relation of one row. #}
{% macro explode_days(first_on, last_on) -%}
    {{ return(adapter.dispatch('explode_days', 'aftersales')(first_on, last_on)) }}
{%- endmacro %}

{% macro default__explode_days(first_on, last_on) -%}
    {{ exceptions.raise_compiler_error('explode_days is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__explode_days(first_on, last_on) -%}
    cast(unnest(generate_series({{ first_on }}, {{ last_on }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__explode_days(first_on, last_on) -%}
    explode(sequence({{ first_on }}, {{ last_on }}, interval 1 day))
{%- endmacro %}

{% macro postgres__explode_days(first_on, last_on) -%}
    cast(generate_series({{ first_on }}, {{ last_on }}, interval '1 day') as date)
{%- endmacro %}
