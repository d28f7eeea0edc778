{#
  Sums of the store day beside another that some stores cannot know: they count only where the other is
  known, so that a ratio of the two holds the same stores and days above and below. By name: the part, what
  it stands beside, and the metrics whose ratio it belongs to. A test derives the metrics from part_needs.
#}
{% macro paired_sums() -%}
    {{ return({
        'staffed_order_count': {
            'part': 'order_count', 'beside': 'technician_day_count',
            'metrics': ['orders_per_technician_day'],
        },
        'staffed_revenue_amount': {
            'part': 'revenue_amount', 'beside': 'technician_day_count',
            'metrics': ['revenue_per_technician_day'],
        },
        'bay_revenue_amount': {
            'part': 'revenue_amount', 'beside': 'bay_day_count',
            'metrics': ['revenue_per_bay_day'],
        },
        'bay_closed_order_count': {
            'part': 'closed_order_count', 'beside': 'bay_day_count',
            'metrics': ['bay_turnover'],
        },
        'costed_visit_count': {
            'part': 'visit_count', 'beside': 'gross_profit_amount',
            'metrics': ['gross_profit_per_visit'],
        },
        'checkable_order_count': {
            'part': 'order_count', 'beside': 'quality_checked_order_count',
            'metrics': ['quality_check_coverage'],
        },
    }) }}
{%- endmacro %}
