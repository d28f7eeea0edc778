{#
  CTEs of everything that belongs to an order, on the days to be summed and with the members of its
  order: opened_orders, staged_orders, index_orders, sent_surveys, opened_complaints. The query has
  the CTEs summed_days, orders (every order with its members), order_stages, comebacks, surveys and
  complaints. A survey or a complaint that names no known order has no member.
#}
{% macro member_events(members) -%}
opened_orders as (
    select
        summed_days.part,
        summed_days.month_start_on,
        orders.*
    from orders
    inner join summed_days on orders.business_on = summed_days.date_on
),

staged_orders as (
    select
        summed_days.part,
        summed_days.month_start_on,
        order_stages.store_key,
        {%- for column in members %}
            orders.{{ column }},
        {%- endfor %}
        order_stages.customer_wait_minutes,
        order_stages.cycle_minutes
    from order_stages
    inner join summed_days on order_stages.business_on = summed_days.date_on
    inner join orders
        on
            order_stages.business_on = orders.business_on
            and order_stages.repair_order_key = orders.repair_order_key
),
{% for relation, table_name, columns in [
    ('index_orders', 'comebacks', ['has_comeback', 'is_fixed_first_visit_strict']),
    ('sent_surveys', 'surveys', [
        'is_responded', 'is_promoter', 'is_passive', 'is_detractor', 'nps_score', 'csi_score',
    ]),
    ('opened_complaints', 'complaints', []),
] %}
{{ relation }} as (
    select
        summed_days.part,
        summed_days.month_start_on,
        summed_days.is_comeback_mature,
        {{ table_name }}.store_key,
        {%- for column in columns %}
            {{ table_name }}.{{ column }},
        {%- endfor %}
        {%- for column in members %}
            orders.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ table_name }}
    inner join summed_days on {{ table_name }}.business_on = summed_days.date_on
    left join orders on {{ table_name }}.repair_order_key = orders.repair_order_key
)
{%- if not loop.last %},
{% endif %}
{%- endfor %}
{%- endmacro %}
