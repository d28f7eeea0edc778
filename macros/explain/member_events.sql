{#
  CTEs of everything that belongs to an order, on the days to be summed and with the members of its
  order: opened_orders, staged_orders, index_orders, sent_surveys, opened_complaints. The query has
  the CTEs summed_days, orders, looked_up (the same orders with few columns), order_stages,
  comebacks, surveys and complaints. A survey or a complaint that names no known order has no member.
  `columns` gives the members of a row of looked_up, `joined` what they are looked up in.
#}
{% macro member_events(members, columns=none, joined='') -%}
{%- set facts = [
    ('index_orders', 'comebacks', ['has_comeback', 'is_fixed_first_visit_strict']),
    ('sent_surveys', 'surveys', [
        'is_responded', 'is_promoter', 'is_passive', 'is_detractor', 'nps_score', 'csi_score',
    ]),
    ('opened_complaints', 'complaints', []),
] -%}
opened_orders as (
    select
        summed_days.part,
        summed_days.month_start_on,
        orders.*
    from orders
    inner join summed_days
        on
            orders.business_on = summed_days.date_on
            and orders.store_key = summed_days.store_key
            and summed_days.fact_code = 'orders'
),

-- An order's stages stand on its own day.
staged_orders as (
    select
        opened_orders.part,
        opened_orders.month_start_on,
        opened_orders.store_key,
        {%- for column in members %}
            opened_orders.{{ column }},
        {%- endfor %}
        order_stages.customer_wait_minutes,
        order_stages.cycle_minutes
    from opened_orders
    inner join order_stages
        on
            opened_orders.business_on = order_stages.business_on
            and opened_orders.repair_order_key = order_stages.repair_order_key
    where
        order_stages.business_on in (
            select summed_days.date_on
            from summed_days
            where summed_days.fact_code = 'orders'
        )
),
{% for relation, table_name, columns in facts %}
    summed_{{ table_name }} as (
        select
            summed_days.part,
            summed_days.month_start_on,
            summed_days.is_comeback_mature,
            {%- for column in columns %}
                {{ table_name }}.{{ column }},
            {%- endfor %}
            {{ table_name }}.store_key,
            {{ table_name }}.repair_order_key
        from {{ table_name }}
        inner join summed_days
            on
                {{ table_name }}.business_on = summed_days.date_on
                and {{ table_name }}.store_key = summed_days.store_key
                and summed_days.fact_code = '{{ table_name }}'
    ),
{% endfor %}
-- Few orders are looked up on most days: finding these first is one pass over all of them.
named_orders as (
    {%- for relation, table_name, columns in facts %}
        select repair_order_key from summed_{{ table_name }}
        {%- if not loop.last %}

            union distinct
        {% endif %}
    {%- endfor %}
),

found_orders as (
    select
        looked_up.repair_order_key,
        {{ columns or members | join(', ') }}
    from looked_up
    inner join named_orders on looked_up.repair_order_key = named_orders.repair_order_key
    {{ joined }}
),
{% for relation, table_name, columns in facts %}
{{ relation }} as (
    select
        summed_{{ table_name }}.*,
        {%- for column in members %}
            found_orders.{{ column }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from summed_{{ table_name }}
    left join found_orders
        on summed_{{ table_name }}.repair_order_key = found_orders.repair_order_key
)
{%- if not loop.last %},
{% endif %}
{%- endfor %}
{%- endmacro %}
