{{ config(materialized='ephemeral') }}

with

status_events as (
    select * from {{ ref('stg_dms__ro_status_events') }}
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
    from status_events
    where
        quarantine_rule_id is null
        and {{ is_current_version('dms.ro_status_events', 'status_events') }}
    group by store_id, repair_order_no
)

select * from final
