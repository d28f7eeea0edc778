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

-- A vehicle enters its first bay once; after failed checks the last end of work and check count.
final as (
    select
        store_id,
        repair_order_no,
        min(case when status = 'arrived' then event_at end) as arrived_at,
        min(case when status = 'opened' then event_at end) as opened_at,
        min(case when status = 'bay_entered' then event_at end) as bay_entered_at,
        max(case when status = 'work_finished' then event_at end) as work_finished_at,
        max(case when status = 'qc_passed' then event_at end) as qc_passed_at,
        max(case when status = 'qc_failed' then event_at end) as qc_failed_at,
        max(case when status = 'delivered' then event_at end) as delivered_at
    from order_events
    group by store_id, repair_order_no
)

select * from final
