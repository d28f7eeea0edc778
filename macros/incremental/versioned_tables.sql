{#
  The big tables of events, of which few rows are ever replaced: raw table, staging model, natural key.
  Small tables rank their versions where they are read (version_rank).
#}
{% macro versioned_tables() -%}
    {{ return([
        ('dms.repair_orders', 'stg_dms__repair_orders', ['store_id', 'repair_order_no']),
        ('dms.labour_lines', 'stg_dms__labour_lines', ['store_id', 'labour_line_id']),
        ('dms.part_lines', 'stg_dms__part_lines', ['store_id', 'part_line_id']),
        ('dms.ro_status_events', 'stg_dms__ro_status_events', ['store_id', 'event_id']),
        ('dms.appointments', 'stg_dms__appointments', ['store_id', 'appointment_id']),
        ('dms.bay_occupancy', 'stg_dms__bay_occupancy', ['store_id', 'occupancy_id']),
        ('dms.clock_events', 'stg_dms__clock_events', ['store_id', 'clock_event_id']),
        ('crm.surveys', 'stg_crm__surveys', ['survey_id']),
        ('crm.complaints', 'stg_crm__complaints', ['complaint_id']),
        ('finance.revenue_lines', 'stg_finance__revenue_lines', ['revenue_line_id']),
    ]) }}
{%- endmacro %}
