with stepped as (
    select
        w_order.order_no, w_order.k, w_order.store_id, w_order.repair_order_no, w_order.created_s, w_order.is_late,
        unnest([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) as step,
        unnest([
            arrived_s, opened_s, bay_entered_s, approval_started_s, approval_ended_s,
            case when waits_days then first_end_s else parts_started_s end,
            case when waits_days then return_s else parts_ended_s end,
            finished_s, case when has_failed_qc then qc_failed_s end, qc_passed_s,
            case when not is_cancelled then closed_s end
        ]) as event_s
    from w_order
)

select
    'E' || (order_no::bigint * 16 + step) as event_id, repair_order_no, store_id,
    [
        'arrived', 'opened', 'bay_entered', 'approval_wait_started', 'approval_wait_ended',
        'parts_wait_started', 'parts_wait_ended', 'work_finished', 'qc_failed', 'qc_passed', 'delivered'
    ][step + 1] as status,
    at_utc(event_s) as event_at, at_utc(greatest(event_s + 12, created_s)) as created_at,
    order_no as _sort, step as _sort_2, xor(k, hash(step)) as _k, store_id as _store_id,
    store_id || ':E' || (order_no::bigint * 16 + step) as _key,
    case when is_late and created_s - event_s > 90000 then 'late_entry' end as _planted
from stepped
where event_s is not null and in_window(greatest(event_s + 12, created_s))
