{# The sums of a store day that are forecast to the end of the month. #}
{% macro pace_metrics() -%}
    {{ return([
        {'code': 'revenue', 'column': 'revenue_amount'},
        {'code': 'visits', 'column': 'visit_count'},
        {'code': 'orders', 'column': 'order_count'},
    ]) }}
{%- endmacro %}
