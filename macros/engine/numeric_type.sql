{# numeric(p, s) in the word each engine knows. #}
{% macro numeric_type(precision, scale) -%}
    {{ return(adapter.dispatch('numeric_type', 'aftersales')(precision, scale)) }}
{%- endmacro %}

{% macro default__numeric_type(precision, scale) -%}
    decimal({{ precision }}, {{ scale }})
{%- endmacro %}
