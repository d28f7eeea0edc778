{# A cast that gives NULL instead of an error for a value that does not fit the type. `type` is a type of
   the contract. dbt.safe_cast is a plain cast on DuckDB. #}
{% macro try_cast(value, type) -%}
    {{ return(adapter.dispatch('try_cast', 'aftersales')(value, api.Column.translate_type(type))) }}
{%- endmacro %}

{% macro default__try_cast(value, type) -%}
    {{ exceptions.raise_compiler_error('try_cast is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__try_cast(value, type) -%}
    try_cast({{ value }} as {{ type }})
{%- endmacro %}

{% macro spark__try_cast(value, type) -%}
    try_cast({{ value }} as {{ type }})
{%- endmacro %}

{# PostgreSQL has no such cast: a bad value stops the build there. #}
{% macro postgres__try_cast(value, type) -%}
    cast({{ value }} as {{ type }})
{%- endmacro %}
