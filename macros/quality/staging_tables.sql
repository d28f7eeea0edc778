{#
  The staging tables, each with the column of the store it concerns and the columns that name a row to a
  steward (never personal data). A staging model that is missing here stops the compilation: its rows
  would be missing from the accounts of quality.
#}
{% macro staging_tables() -%}
    {%- set tables = [
        {'system': 'dms', 'name': 'stores', 'store': 'store_id', 'key': ['store_id']},
        {'system': 'dms', 'name': 'bays', 'store': 'store_id', 'key': ['bay_id']},
        {'system': 'dms', 'name': 'technicians', 'store': 'store_id', 'key': ['technician_id']},
        {'system': 'dms', 'name': 'advisors', 'store': 'store_id', 'key': ['advisor_id']},
        {'system': 'dms', 'name': 'service_items', 'store': none, 'key': ['service_item_code']},
        {'system': 'dms', 'name': 'customers', 'store': 'store_id', 'key': ['customer_id']},
        {'system': 'dms', 'name': 'vehicles', 'store': none, 'key': ['vehicle_id']},
        {'system': 'dms', 'name': 'appointments', 'store': 'store_id', 'key': ['store_id', 'appointment_id']},
        {'system': 'dms', 'name': 'repair_orders', 'store': 'store_id', 'key': ['store_id', 'repair_order_no']},
        {'system': 'dms', 'name': 'ro_status_events', 'store': 'store_id', 'key': ['store_id', 'event_id']},
        {'system': 'dms', 'name': 'labour_lines', 'store': 'store_id', 'key': ['store_id', 'labour_line_id']},
        {'system': 'dms', 'name': 'part_lines', 'store': 'store_id', 'key': ['store_id', 'part_line_id']},
        {'system': 'dms', 'name': 'bay_occupancy', 'store': 'store_id', 'key': ['store_id', 'occupancy_id']},
        {'system': 'dms', 'name': 'clock_events', 'store': 'store_id', 'key': ['store_id', 'clock_event_id']},
        {'system': 'crm', 'name': 'customers', 'store': none, 'key': ['crm_customer_id']},
        {'system': 'crm', 'name': 'vehicles', 'store': none, 'key': ['crm_customer_id', '_batch_id', '_row_number']},
        {'system': 'crm', 'name': 'surveys', 'store': 'store_id', 'key': ['survey_id']},
        {'system': 'crm', 'name': 'complaints', 'store': 'store_id', 'key': ['complaint_id']},
        {'system': 'finance', 'name': 'customers', 'store': none, 'key': ['account_no']},
        {'system': 'finance', 'name': 'targets', 'store': 'store_id', 'key': ['store_id', 'target_month', 'metric_code']},
        {'system': 'finance', 'name': 'cost_lines', 'store': 'store_id', 'key': ['cost_line_id']},
        {'system': 'finance', 'name': 'revenue_lines', 'store': 'store_id', 'key': ['revenue_line_id']},
        {'system': 'parts', 'name': 'master', 'store': none, 'key': ['part_no']},
        {'system': 'parts', 'name': 'stock', 'store': 'store_id', 'key': ['store_id', 'part_no', 'stock_on']},
        {'system': 'parts', 'name': 'movements', 'store': 'store_id', 'key': ['store_id', 'movement_id']},
    ] -%}
    {%- if execute -%}
        {%- set listed = [] -%}
        {%- for table in tables -%}
            {%- do listed.append('stg_' ~ table.system ~ '__' ~ table.name) -%}
        {%- endfor -%}
        {%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') -%}
            {%- if node.name.startswith('stg_') and node.name not in listed -%}
                {{ exceptions.raise_compiler_error(
                    node.name ~ ' is not listed in macros/quality/staging_tables.sql: add it there'
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(tables) }}
{%- endmacro %}
