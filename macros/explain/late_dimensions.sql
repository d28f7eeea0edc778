{# Dimensions whose members are looked up in master data that can change for months long settled. #}
{% macro late_dimensions() -%}
    ('customer_kind', 'visit_history', 'technician_level')
{%- endmacro %}
