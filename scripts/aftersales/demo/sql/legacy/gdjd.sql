-- 工单节点: one wide row an order, with moment (sj), moment of keying (lr) and number (bh) of each step
with wide as (
    select
        store_id, repair_order_no, min(_sort) as _sort,
        max(text_of(event_at)) filter (where status = 'arrived') as dcsj,
        max(text_of(created_at)) filter (where status = 'arrived') as dclr,
        max(event_id) filter (where status = 'arrived') as dcbh,
        max(text_of(event_at)) filter (where status = 'opened') as jdsj,
        max(text_of(created_at)) filter (where status = 'opened') as jdlr,
        max(event_id) filter (where status = 'opened') as jdbh,
        max(text_of(event_at)) filter (where status = 'bay_entered') as rgwsj,
        max(text_of(created_at)) filter (where status = 'bay_entered') as rgwlr,
        max(event_id) filter (where status = 'bay_entered') as rgwbh,
        max(text_of(event_at)) filter (where status = 'approval_wait_started') as qrkssj,
        max(text_of(created_at)) filter (where status = 'approval_wait_started') as qrkslr,
        max(event_id) filter (where status = 'approval_wait_started') as qrksbh,
        max(text_of(event_at)) filter (where status = 'approval_wait_ended') as qrjssj,
        max(text_of(created_at)) filter (where status = 'approval_wait_ended') as qrjslr,
        max(event_id) filter (where status = 'approval_wait_ended') as qrjsbh,
        max(text_of(event_at)) filter (where status = 'parts_wait_started') as djkssj,
        max(text_of(created_at)) filter (where status = 'parts_wait_started') as djkslr,
        max(event_id) filter (where status = 'parts_wait_started') as djksbh,
        max(text_of(event_at)) filter (where status = 'parts_wait_ended') as djjssj,
        max(text_of(created_at)) filter (where status = 'parts_wait_ended') as djjslr,
        max(event_id) filter (where status = 'parts_wait_ended') as djjsbh,
        max(text_of(event_at)) filter (where status = 'work_finished') as wgsj,
        max(text_of(created_at)) filter (where status = 'work_finished') as wglr,
        max(event_id) filter (where status = 'work_finished') as wgbh,
        max(text_of(event_at)) filter (where status = 'qc_failed') as zjbgsj,
        max(text_of(created_at)) filter (where status = 'qc_failed') as zjbglr,
        max(event_id) filter (where status = 'qc_failed') as zjbgbh,
        max(text_of(event_at)) filter (where status = 'qc_passed') as zjtgsj,
        max(text_of(created_at)) filter (where status = 'qc_passed') as zjtglr,
        max(event_id) filter (where status = 'qc_passed') as zjtgbh,
        max(text_of(event_at)) filter (where status = 'delivered') as jcsj,
        max(text_of(created_at)) filter (where status = 'delivered') as jclr,
        max(event_id) filter (where status = 'delivered') as jcbh
    from legacy_ro_status_events
    where status in (
        'arrived', 'opened', 'bay_entered', 'approval_wait_started', 'approval_wait_ended',
        'parts_wait_started', 'parts_wait_ended', 'work_finished', 'qc_failed', 'qc_passed', 'delivered'
    )
    group by store_id, repair_order_no
)

select
    mdbh_of(store_id) as mdbh, repair_order_no as gdh, * exclude (store_id, repair_order_no),
    0 as _sort_2, 0 as _copy
from wide
