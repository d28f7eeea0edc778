{# A date moved by whole days. dbt.dateadd turns dates into timestamps on some engines. #}
{% macro add_days(date_on, days) -%}
    {{ return(adapter.dispatch('add_days', 'aftersales')(date_on, days)) }}
{%- endmacro %}

{% macro default__add_days(date_on, days) -%}
    {{ exceptions.raise_compiler_error('add_days is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__add_days(date_on, days) -%}
    ({{ date_on }} + cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__add_days(date_on, days) -%}
    date_add({{ date_on }}, cast({{ days }} as int))
{%- endmacro %}

{% macro postgres__add_days(date_on, days) -%}
    ({{ date_on }} + cast({{ days }} as integer))
{%- endmacro %}
