{# A 64-bit floating point number. dbt.type_float() is 32-bit on some engines. #}
{% macro double_type() -%}
    {{ return(adapter.dispatch('double_type', 'aftersales')()) }}
{%- endmacro %}

{% macro default__double_type() -%}
    double
{%- endmacro %}

{% macro postgres__double_type() -%}
    double precision
{%- endmacro %}
