{{ config(meta={'rule_id': 'store_day_differs_from_facts'}) }}

{%- set measures = [
    ('repair_orders', 'order_count'),
    ('repair_orders', 'cancelled_order_count'),
    ('repair_orders', 'visit_count'),
    ('repair_orders', 'revenue_amount'),
    ('repair_orders', 'gross_profit_amount'),
    ('repair_orders', 'hours_sold'),
    ('order_stages', 'customer_wait_minutes_sum'),
    ('order_stages', 'cycle_minutes_sum'),
    ('comebacks', 'comeback_eligible_order_count'),
    ('comebacks', 'comeback_order_count'),
    ('surveys', 'survey_sent_count'),
    ('surveys', 'survey_response_count'),
    ('surveys', 'nps_response_count'),
    ('surveys', 'csi_score_sum'),
    ('complaints', 'complaint_count'),
    ('bay_hours', 'bay_available_minutes'),
    ('bay_hours', 'bay_productive_minutes'),
    ('bay_hours', 'bay_blocked_minutes'),
    ('technician_hours', 'technician_available_minutes'),
    ('technician_hours', 'technician_worked_minutes'),
    ('technician_hours', 'technician_hours_sold'),
    ('appointments', 'appointment_due_count'),
    ('appointments', 'appointment_show_count'),
    ('parts_demand', 'parts_demand_line_count'),
] -%}

-- Proves that the daily sums of a store are exactly the sums of the facts they are made of: no fact
-- is lost between two tables and none is counted twice by a join.
-- Why: every figure of the cockpit is made of fct_store_day; whoever drills down must find the same
-- total. It is not a test of the facts: a wrong fact gives the same wrong sum on both sides.

with

days as (
    select * from {{ ref('int_days') }}
),

store_days as (
    select * from {{ ref('int_store_day_parts') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

order_stages as (
    select * from {{ ref('fct_order_stages') }}
),

comebacks as (
    select * from {{ ref('fct_comebacks') }}
),

surveys as (
    select * from {{ ref('fct_surveys') }}
),

complaints as (
    select * from {{ ref('fct_complaints') }}
),

bay_hours as (
    select * from {{ ref('fct_bay_hours') }}
),

technician_hours as (
    select * from {{ ref('fct_technician_hours') }}
),

appointments as (
    select * from {{ ref('fct_appointments') }}
),

parts_demand as (
    select * from {{ ref('fct_parts_demand') }}
),

last_day as (
    select max(date_on) as date_on from days
),

repair_orders_sums as (
    select
        store_key,
        sum(case when is_cancelled then 0 else 1 end) as order_count,
        sum(case when is_cancelled then 1 else 0 end) as cancelled_order_count,
        count(distinct case when is_cancelled then null else visit_key end) as visit_count,
        sum(revenue_amount) as revenue_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        sum(hours_sold) as hours_sold
    from repair_orders
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

order_stages_sums as (
    select
        store_key,
        sum(customer_wait_minutes) as customer_wait_minutes_sum,
        sum(cycle_minutes) as cycle_minutes_sum
    from order_stages
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

comebacks_sums as (
    select
        store_key,
        count(*) as comeback_eligible_order_count,
        sum(case when has_comeback then 1 else 0 end) as comeback_order_count
    from comebacks
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

surveys_sums as (
    select
        store_key,
        count(*) as survey_sent_count,
        sum(case when is_responded then 1 else 0 end) as survey_response_count,
        count(nps_score) as nps_response_count,
        sum(csi_score) as csi_score_sum
    from surveys
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

complaints_sums as (
    select
        store_key,
        count(*) as complaint_count
    from complaints
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

bay_hours_sums as (
    select
        store_key,
        sum(available_minutes) as bay_available_minutes,
        sum(productive_minutes) as bay_productive_minutes,
        sum(blocked_minutes) as bay_blocked_minutes
    from bay_hours
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

technician_hours_sums as (
    select
        store_key,
        sum(available_minutes) as technician_available_minutes,
        sum(worked_minutes) as technician_worked_minutes,
        sum(hours_sold) as technician_hours_sold
    from technician_hours
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

appointments_sums as (
    select
        store_key,
        count(*) as appointment_due_count,
        sum(case when has_shown then 1 else 0 end) as appointment_show_count
    from appointments
    where not is_cancelled and business_on <= (select last_day.date_on from last_day)
    group by store_key
),

parts_demand_sums as (
    select
        store_key,
        sum(demand_line_count) as parts_demand_line_count
    from parts_demand
    where business_on <= (select last_day.date_on from last_day)
    group by store_key
),

store_day_sums as (
    select
        store_key,
        sum(order_count) as order_count,
        sum(cancelled_order_count) as cancelled_order_count,
        sum(visit_count) as visit_count,
        sum(revenue_amount) as revenue_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        sum(hours_sold) as hours_sold,
        sum(customer_wait_minutes_sum) as customer_wait_minutes_sum,
        sum(cycle_minutes_sum) as cycle_minutes_sum,
        sum(comeback_eligible_order_count) as comeback_eligible_order_count,
        sum(comeback_order_count) as comeback_order_count,
        sum(survey_sent_count) as survey_sent_count,
        sum(survey_response_count) as survey_response_count,
        sum(nps_response_count) as nps_response_count,
        sum(csi_score_sum) as csi_score_sum,
        sum(complaint_count) as complaint_count,
        sum(bay_available_minutes) as bay_available_minutes,
        sum(bay_productive_minutes) as bay_productive_minutes,
        sum(bay_blocked_minutes) as bay_blocked_minutes,
        sum(technician_available_minutes) as technician_available_minutes,
        sum(technician_worked_minutes) as technician_worked_minutes,
        sum(technician_hours_sold) as technician_hours_sold,
        sum(appointment_due_count) as appointment_due_count,
        sum(appointment_show_count) as appointment_show_count,
        sum(parts_demand_line_count) as parts_demand_line_count
    from store_days
    group by store_key
),

fact_totals as (
    {%- for fact, measure in measures %}
        select
            store_key,
            '{{ measure }}' as measure_name,
            cast({{ measure }} as {{ numeric_type(18, 2) }}) as total
        from {{ fact }}_sums
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

store_day_totals as (
    {%- for fact, measure in measures %}
        select
            store_key,
            '{{ measure }}' as measure_name,
            cast({{ measure }} as {{ numeric_type(18, 2) }}) as total
        from store_day_sums
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        store_day_totals.store_key as store_id,
        cast(null as date) as business_on,
        store_day_totals.store_key || ':' || store_day_totals.measure_name as row_key,
        'facts ' || cast(coalesce(fact_totals.total, 0) as {{ dbt.type_string() }})
        || ', store days ' || cast(store_day_totals.total as {{ dbt.type_string() }}) as detail
    from store_day_totals
    left join fact_totals
        on
            store_day_totals.store_key = fact_totals.store_key
            and store_day_totals.measure_name = fact_totals.measure_name
    where coalesce(fact_totals.total, 0) <> store_day_totals.total

    union all

    select
        fact_totals.store_key as store_id,
        cast(null as date) as business_on,
        fact_totals.store_key || ':' || fact_totals.measure_name as row_key,
        'store without store days' as detail
    from fact_totals
    where
        fact_totals.total <> 0
        and fact_totals.store_key not in (select store_day_sums.store_key from store_day_sums)
)

select * from final
