{# Whole seconds from one timestamp to another, negative when they stand in the wrong order.
   dbt.datediff counts boundaries crossed and differs by engine; this counts elapsed time. #}
{% macro seconds_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('seconds_between', 'aftersales')(start_at, end_at)) }}
{%- endmacro %}

{% macro default__seconds_between(start_at, end_at) -%}
    {{ exceptions.raise_compiler_error('seconds_between is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__seconds_between(start_at, end_at) -%}
    cast((epoch_us({{ end_at }}) - epoch_us({{ start_at }})) // 1000000 as bigint)
{%- endmacro %}

{% macro spark__seconds_between(start_at, end_at) -%}
    cast(
        unix_seconds(cast({{ end_at }} as timestamp))
        - unix_seconds(cast({{ start_at }} as timestamp)) as bigint
    )
{%- endmacro %}

{% macro postgres__seconds_between(start_at, end_at) -%}
    cast(floor(extract(epoch from ({{ end_at }} - {{ start_at }}))) as bigint)
{%- endmacro %}
