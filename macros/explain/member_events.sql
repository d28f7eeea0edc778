{#
  CTEs of everything that belongs to an order, on the days to be summed and with the members of its
  order: opened_orders, staged_orders, index_orders, sent_surveys, opened_complaints. The query has
  the CTEs summed_days, orders, order_stages, comebacks, surveys and complaints. `looked_up` names the
  CTE of orders (repair_order_key, business_on and members) that each of the last four looks its
  members up in. A survey or a complaint that names no known order has no member.
#}
{% macro member_events(members, looked_up) -%}
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
            {{ looked_up.order_stages }}.{{ column }},
        {%- endfor %}
        order_stages.customer_wait_minutes,
        order_stages.cycle_minutes
    from order_stages
    inner join summed_days on order_stages.business_on = summed_days.date_on
    inner join {{ looked_up.order_stages }}
        on
            order_stages.business_on = {{ looked_up.order_stages }}.business_on
            and order_stages.repair_order_key = {{ looked_up.order_stages }}.repair_order_key
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
            {{ looked_up[table_name] }}.{{ column }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ table_name }}
    inner join summed_days on {{ table_name }}.business_on = summed_days.date_on
    left join {{ looked_up[table_name] }}
        on {{ table_name }}.repair_order_key = {{ looked_up[table_name] }}.repair_order_key
)
{%- if not loop.last %},
{% endif %}
{%- endfor %}
{%- endmacro %}
