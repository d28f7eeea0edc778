{{ config(materialized='ephemeral') }}

with

status_events as (
    {{ current_rows('dms.ro_status_events', 'stg_dms__ro_status_events') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

-- Events of orders whose stages the build recomputes.
order_events as (
    select status_events.*
    from status_events
    inner join repair_orders
        on
            status_events.store_id = repair_orders.store_key
            and status_events.repair_order_no = repair_orders.repair_order_no
    where
        not repair_orders.is_cancelled
        and repair_orders.business_on in ({{ affected_dates('orders') }})
),

wait_events as (
    select
        store_id,
        repair_order_no,
        event_id,
        event_at,
        case
            when status in ('parts_wait_started', 'parts_wait_ended') then 'parts'
            else 'approval'
        end as wait_kind,
        status in ('parts_wait_started', 'approval_wait_started') as is_start
    from order_events
    where
        status in (
            'parts_wait_started',
            'parts_wait_ended',
            'approval_wait_started',
            'approval_wait_ended'
        )
),

-- Each start is paired with the event after it, an end with the event before it. A start and an end
-- at the same moment stand in this order.
paired as (
    select
        store_id,
        repair_order_no,
        wait_kind,
        is_start,
        event_at,
        lead(event_at) over wait_order as next_at,
        lead(is_start) over wait_order as is_next_start,
        lag(is_start) over wait_order as is_previous_start
    from wait_events
    window
        wait_order as (
            partition by store_id, repair_order_no, wait_kind
            order by event_at, case when is_start then 0 else 1 end, event_id
        )
),

final as (
    select
        store_id,
        repair_order_no,
        max(case when wait_kind = 'parts' then 1 else 0 end) = 1 as has_parts_wait,
        {%- for wait_kind in ['parts', 'approval'] %}
            sum(
                case
                    when wait_kind = '{{ wait_kind }}' and is_start
                        then {{ seconds_between('event_at', 'next_at') }}
                    when wait_kind = '{{ wait_kind }}' then 0
                end
            ) as {{ wait_kind }}_wait_seconds,
            max(
                case
                    when wait_kind != '{{ wait_kind }}' then 0
                    when is_start and coalesce(is_next_start, true) then 1
                    when not is_start and not coalesce(is_previous_start, false) then 1
                    else 0
                end
            ) = 1 as {{ wait_kind }}_wait_is_unpaired
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from paired
    group by store_id, repair_order_no
)

select * from final
