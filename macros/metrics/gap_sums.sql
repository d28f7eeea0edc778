{# The sums of a store's orders that the split of a ticket needs, by the column added up and the orders
   it is added up over. #}
{% macro gap_sums() -%}
    {{ return({
        'visit': ('visit_count', 'true'),
        'revenue': ('revenue_amount', 'true'),
        'hour': ('hours_sold', 'true'),
        'labour': ('labour_amount', 'true'),
        'part': ('part_amount', 'true'),
        'discount': ('discount_amount', 'true'),
        'opened': ('order_count', 'true'),
        'eligible': ('order_count', 'is_package_eligible'),
        'package': ('order_count', 'is_package'),
        'package_revenue': ('revenue_amount', 'is_package'),
        'plain': ('order_count', 'is_package_eligible and not is_package'),
        'plain_revenue': ('revenue_amount', 'is_package_eligible and not is_package'),
        'appointment': ('order_count', 'is_appointment'),
        'appointment_revenue': ('revenue_amount', 'is_appointment'),
        'walk_in': ('order_count', 'not is_appointment'),
        'walk_in_revenue': ('revenue_amount', 'not is_appointment'),
        'member': ('order_count', 'is_member'),
        'member_revenue': ('revenue_amount', 'is_member'),
        'other': ('order_count', 'not is_member'),
        'other_revenue': ('revenue_amount', 'not is_member'),
    }) }}
{%- endmacro %}
