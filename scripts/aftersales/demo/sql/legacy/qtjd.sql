-- 其他节点: steps that the wide row has no column for
select
    event_id as jdbh, repair_order_no as gdh, mdbh_of(store_id) as mdbh, status as jdmc,
    text_of(event_at) as jdsj, text_of(created_at) as jdlr, _sort, _sort_2, _copy
from legacy_ro_status_events
where
    status not in (
        'arrived', 'opened', 'bay_entered', 'approval_wait_started', 'approval_wait_ended',
        'parts_wait_started', 'parts_wait_ended', 'work_finished', 'qc_failed', 'qc_passed', 'delivered'
    )
