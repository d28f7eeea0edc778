with overtime as (
    select technician_no, day_no, max(until_s) as until_s
    from w_piece
    where kind = 'work'
    group by technician_no, day_no
),

shifts as (
    select
        technician.technician_no * 10000::bigint + calendar.day_no as number,
        technician.technician_id,
        store_number(technician.store_no) as store_id,
        calendar.day_no * 86400 + 28800 as opens_s,
        greatest(calendar.day_no * 86400 + 64800, coalesce(overtime.until_s, 0)) as ends_s,
        seeded('shift', technician.technician_no * 10000::bigint + calendar.day_no) as k
    from technician
    cross join calendar
    inner join store on technician.store_no = store.store_no
    left join overtime
        on
            technician.technician_no = overtime.technician_no
            and calendar.day_no = overtime.day_no
    where
        calendar.is_open
        and calendar.date_on >= store.opened_on
        and calendar.day_no >= getvariable('start_day')
        and not exists (
            select 1
            from missing_day
            where
                missing_day.store_no = technician.store_no
                and missing_day.day_no = calendar.day_no
        )
        and in_window(calendar.day_no * 86400 + 70000)
        and (calendar.day_no + technician.position_index) % 7 <> 0
        and technician.hired_day <= calendar.day_no
        and (technician.left_day is null or technician.left_day >= calendar.day_no)
)

select
    'H' || number as clock_event_id, technician_id, store_id, 'shift' as clock_kind,
    null::varchar as repair_order_no,
    at_utc(opens_s - 1200 + pick(k, 'on', 1100)) as clocked_on_at,
    at_utc(ends_s + pick(k, 'off', 900)) as clocked_off_at,
    number as _sort, 0 as _sort_2, k as _k, store_id as _store_id,
    store_id || ':H' || number as _key
from shifts
union all
select
    'J' || (w_piece.order_no::bigint * 16 + w_piece.piece_no), technician.technician_id, w_piece.store_id,
    'job', w_piece.repair_order_no, at_utc(w_piece.from_s), at_utc(w_piece.until_s),
    w_piece.order_no::bigint * 16 + w_piece.piece_no, 1,
    seeded('job', w_piece.order_no::bigint * 16 + w_piece.piece_no), w_piece.store_id,
    w_piece.store_id || ':J' || (w_piece.order_no::bigint * 16 + w_piece.piece_no)
from w_piece
inner join technician on w_piece.technician_no = technician.technician_no
where w_piece.kind = 'work' and in_window(greatest(w_piece.until_s, w_piece.created_s))
