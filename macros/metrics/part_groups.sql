{# The parts of the store day by what is held together: a group is served whole, as computed or as it was last good. #}
{% macro part_groups() -%}
    {{ return({
        'orders': [
            'order_count', 'closed_order_count', 'cancelled_order_count', 'visit_count',
            'new_customer_visit_count', 'labour_amount', 'part_amount', 'discount_amount',
            'revenue_amount', 'cost_amount', 'gross_profit_amount', 'hours_sold',
            'package_order_count', 'package_eligible_order_count',
            'promised_closed_order_count', 'on_time_order_count',
            'comeback_eligible_order_count', 'comeback_order_count', 'strict_fixed_order_count',
            'customer_wait_minutes_sum', 'customer_wait_order_count', 'cycle_minutes_sum',
            'cycle_order_count', 'parts_demand_line_count', 'parts_shelf_line_count',
            'parts_lost_line_count', 'labour_revenue_amount', 'labour_cost_amount',
            'appointment_order_count', 'paper_order_count', 'customer_paid_order_count',
            'customer_paid_revenue_amount', 'quality_checked_order_count',
            'quality_first_pass_order_count',
        ],
        'workshop': [
            'bay_day_count', 'bay_available_minutes', 'bay_productive_minutes',
            'bay_blocked_minutes', 'technician_day_count', 'technician_available_minutes',
            'technician_worked_minutes', 'technician_hours_sold',
        ],
        'surveys': [
            'survey_sent_count', 'survey_response_count', 'nps_response_count',
            'promoter_count', 'passive_count', 'detractor_count', 'csi_response_count',
            'csi_score_sum', 'complaint_count',
        ],
        'appointments': [
            'appointment_due_count', 'appointment_show_count',
        ],
    }) }}
{%- endmacro %}
