{# A 64-bit number made of several values: equal values give equal numbers, and now and then different values
   do too. It only ever narrows a search; engines give different numbers, so it is never stored. #}
{% macro row_hash(values) -%}
    {{ return(adapter.dispatch('row_hash', 'aftersales')(values)) }}
{%- endmacro %}

{% macro default__row_hash(values) -%}
    {{ exceptions.raise_compiler_error('row_hash is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__row_hash(values) -%}
    hash({{ values | join(', ') }})
{%- endmacro %}

{% macro spark__row_hash(values) -%}
    xxhash64({{ values | join(', ') }})
{%- endmacro %}

{% macro postgres__row_hash(values) -%}
    hashtextextended(concat_ws(':', {{ values | join(', ') }}), 0)
{%- endmacro %}
