{# The calendar day of a naive UTC timestamp in a zone whose offset, in minutes, is given. The offset
   comes from the reference table of offsets: converting by zone name costs ten times as much. #}
{% macro local_date(utc_at, utc_offset_minutes) -%}
    {{ return(adapter.dispatch('local_date', 'aftersales')(utc_at, utc_offset_minutes)) }}
{%- endmacro %}

{% macro default__local_date(utc_at, utc_offset_minutes) -%}
    {{ exceptions.raise_compiler_error('local_date is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__local_date(utc_at, utc_offset_minutes) -%}
    cast({{ utc_at }} + to_minutes({{ utc_offset_minutes }}) as date)
{%- endmacro %}

{% macro spark__local_date(utc_at, utc_offset_minutes) -%}
    cast(timestampadd(minute, {{ utc_offset_minutes }}, {{ utc_at }}) as date)
{%- endmacro %}

{% macro postgres__local_date(utc_at, utc_offset_minutes) -%}
    cast({{ utc_at }} + {{ utc_offset_minutes }} * interval '1 minute' as date)
{%- endmacro %}
