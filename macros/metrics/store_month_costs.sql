{# The columns of fct_store_month that finance posts by month: no sums of days. #}
{% macro store_month_costs() -%}
    {{ return([
        'operating_cost_amount', 'fixed_cost_amount', 'marketing_cost_amount',
        'overtime_cost_amount',
    ]) }}
{%- endmacro %}
