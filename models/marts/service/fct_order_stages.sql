{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('orders') }}",
    )
}}

{#- Times a customer waits for, in the order of a visit. -#}
{%- set waits = ['write_up_wait', 'bay_wait', 'parts_wait', 'approval_wait', 'delivery_wait'] -%}

with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

order_stage_events as (
    select * from {{ ref('int_order_stage_events') }}
),

order_waits as (
    select * from {{ ref('int_order_waits') }}
),

live_orders as (
    select
        repair_order_key,
        repair_order_no,
        store_key,
        business_on,
        arrived_at,
        opened_at,
        closed_at
    from repair_orders
    where
        not is_cancelled
        and business_on in ({{ affected_dates('orders') }})
),

-- The event log tells the stages; the order's header fills a stage that was never logged.
staged as (
    select
        live_orders.repair_order_key,
        live_orders.store_key,
        live_orders.business_on,
        coalesce(order_stage_events.arrived_at, live_orders.arrived_at) as arrived_at,
        coalesce(order_stage_events.opened_at, live_orders.opened_at) as opened_at,
        order_stage_events.bay_entered_at,
        order_stage_events.work_finished_at,
        order_stage_events.qc_passed_at,
        order_stage_events.qc_failed_at,
        coalesce(order_stage_events.delivered_at, live_orders.closed_at) as delivered_at,
        coalesce(order_waits.has_parts_wait, false) as has_parts_wait,
        case
            when order_waits.parts_wait_is_unpaired then null
            when order_waits.parts_wait_seconds is not null then order_waits.parts_wait_seconds
            when order_stage_events.work_finished_at is not null then 0
        end as parts_wait_seconds,
        case
            when order_waits.approval_wait_is_unpaired then null
            when order_waits.approval_wait_seconds is not null
                then order_waits.approval_wait_seconds
            when order_stage_events.work_finished_at is not null then 0
        end as approval_wait_seconds
    from live_orders
    left join order_stage_events
        on
            live_orders.store_key = order_stage_events.store_id
            and live_orders.repair_order_no = order_stage_events.repair_order_no
    left join order_waits
        on
            live_orders.store_key = order_waits.store_id
            and live_orders.repair_order_no = order_waits.repair_order_no
),

elapsed as (
    select
        *,
        {{ seconds_between('arrived_at', 'opened_at') }} as write_up_wait_seconds,
        {{ seconds_between('opened_at', 'bay_entered_at') }} as bay_wait_seconds,
        {{ seconds_between('bay_entered_at', 'work_finished_at') }}
        - parts_wait_seconds
        - approval_wait_seconds as work_seconds,
        {{ seconds_between('work_finished_at', 'qc_passed_at') }} as qc_seconds,
        {{ seconds_between('coalesce(qc_passed_at, work_finished_at)', 'delivered_at') }}
            as delivery_wait_seconds,
        {{ seconds_between('arrived_at', 'delivered_at') }} as cycle_seconds
    from staged
),

-- A negative duration means that times stand out of order: nobody knows how long it was.
measured as (
    select
        *,
        {%- for stage in waits + ['work', 'qc', 'cycle'] %}
            case
                when {{ stage }}_seconds >= 0
                    then {{ minutes_from_seconds(stage ~ '_seconds') }}
            end as {{ stage }}_minutes
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from elapsed
),

final as (
    select
        repair_order_key,
        store_key,
        business_on,
        arrived_at,
        opened_at,
        bay_entered_at,
        work_finished_at,
        qc_passed_at,
        delivered_at,
        {%- for stage in waits + ['work', 'qc', 'cycle'] %}
            {{ stage }}_minutes,
        {%- endfor %}
        cast(
            {% for stage in waits -%}
                {{ stage }}_minutes {% if not loop.last %}+ {% endif %}
            {%- endfor %} as {{ numeric_type(12, 2) }}
        ) as customer_wait_minutes,
        has_parts_wait,
        qc_passed_at is not null or qc_failed_at is not null as is_quality_checked,
        qc_passed_at is not null and qc_failed_at is null as is_quality_passed_first,
        write_up_wait_minutes is not null
        and bay_wait_minutes is not null
        and parts_wait_minutes is not null
        and approval_wait_minutes is not null
        and delivery_wait_minutes is not null
        and work_minutes is not null
        and (qc_passed_at is null or qc_minutes is not null) as is_complete
    from measured
)

select * from final
