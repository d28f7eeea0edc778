{# The columns without which a part of the store day cannot be known, by table: those that the seed part_needs
   names. A test compares the two. #}
{% macro needed_columns() -%}
    {{ return([
        {'system': 'dms', 'name': 'labour_lines', 'columns': ['cost_amount']},
        {'system': 'dms', 'name': 'part_lines', 'columns': ['cost_amount', 'fill_status']},
        {
            'system': 'dms',
            'name': 'repair_orders',
            'columns': ['channel', 'entry_channel', 'package_code', 'promised_at'],
        },
    ]) }}
{%- endmacro %}
