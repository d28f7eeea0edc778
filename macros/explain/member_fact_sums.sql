{#
  How the sums of fct_store_day come out of the rows of a fact, by fact and sum. A data test holds the
  members of every dimension against the sums of the store, so that no second definition can drift.
#}
{% macro member_fact_sums() -%}
    {{ return({
        'orders': {
            'order_count': 'sum(case when is_cancelled then 0 else 1 end)',
            'closed_order_count':
                'sum(case when is_closed and not is_cancelled then 1 else 0 end)',
            'cancelled_order_count': 'sum(case when is_cancelled then 1 else 0 end)',
            'visit_count': 'sum(case when is_first_order_of_visit then 1 else 0 end)',
            'labour_amount': 'sum(labour_amount)',
            'part_amount': 'sum(part_amount)',
            'discount_amount': 'sum(discount_amount)',
            'revenue_amount': 'sum(revenue_amount)',
            'cost_amount': 'sum(cost_amount)',
            'gross_profit_amount': 'sum(gross_profit_amount)',
            'hours_sold': 'sum(hours_sold)',
            'package_order_count':
                'sum(case when has_package and is_package_eligible and not is_cancelled'
                ~ ' then 1 else 0 end)',
            'package_eligible_order_count':
                'sum(case when is_package_eligible and not is_cancelled then 1 else 0 end)',
            'promised_closed_order_count':
                'sum(case when is_delivered_on_time is not null and not is_cancelled'
                ~ ' then 1 else 0 end)',
            'on_time_order_count':
                'sum(case when is_delivered_on_time and not is_cancelled then 1 else 0 end)',
        },
        'stages': {
            'customer_wait_minutes_sum': 'sum(customer_wait_minutes)',
            'customer_wait_order_count': 'count(customer_wait_minutes)',
            'cycle_minutes_sum': 'sum(cycle_minutes)',
            'cycle_order_count': 'count(cycle_minutes)',
        },
        'lines': {
            'labour_amount': "sum(case when line_type = 'labour' then list_amount else 0 end)",
            'part_amount': "sum(case when line_type = 'part' then list_amount else 0 end)",
            'discount_amount': 'sum(discount_amount)',
            'revenue_amount': 'sum(revenue_amount)',
            'cost_amount': 'sum(cost_amount)',
            'gross_profit_amount': 'sum(gross_profit_amount)',
            'hours_sold': 'sum(hours_sold)',
        },
        'comebacks': {
            'comeback_eligible_order_count': 'count(*)',
            'comeback_order_count': 'sum(case when has_comeback then 1 else 0 end)',
            'strict_fixed_order_count':
                'sum(case when is_fixed_first_visit_strict then 1 else 0 end)',
            'mature_eligible_order_count': 'sum(case when is_comeback_mature then 1 else 0 end)',
            'mature_comeback_order_count':
                'sum(case when is_comeback_mature and has_comeback then 1 else 0 end)',
            'mature_strict_fixed_order_count':
                'sum(case when is_comeback_mature and is_fixed_first_visit_strict'
                ~ ' then 1 else 0 end)',
        },
        'surveys': {
            'survey_sent_count': 'count(*)',
            'survey_response_count': 'sum(case when is_responded then 1 else 0 end)',
            'nps_response_count': 'count(nps_score)',
            'promoter_count': 'sum(case when is_promoter then 1 else 0 end)',
            'passive_count': 'sum(case when is_passive then 1 else 0 end)',
            'detractor_count': 'sum(case when is_detractor then 1 else 0 end)',
            'csi_response_count': 'count(csi_score)',
            'csi_score_sum': 'sum(csi_score)',
        },
        'complaints': {
            'complaint_count': 'count(*)',
        },
    }) }}
{%- endmacro %}
