{# Day of the week, Monday = 1 to Sunday = 7 (ISO 8601). #}
{% macro iso_weekday(date_on) -%}
    {{ return(adapter.dispatch('iso_weekday', 'aftersales')(date_on)) }}
{%- endmacro %}

{% macro default__iso_weekday(date_on) -%}
    {{ exceptions.raise_compiler_error('iso_weekday is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__iso_weekday(date_on) -%}
    cast(isodow({{ date_on }}) as integer)
{%- endmacro %}

{% macro spark__iso_weekday(date_on) -%}
    cast(extract(dayofweek_iso from {{ date_on }}) as integer)
{%- endmacro %}

{% macro postgres__iso_weekday(date_on) -%}
    cast(extract(isodow from {{ date_on }}) as integer)
{%- endmacro %}
