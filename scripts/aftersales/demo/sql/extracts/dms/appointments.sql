select
    'AP' || (w_appointment.store_no * 4096 + w_appointment.day_no) * 512 + w_appointment.slot
        as appointment_id,
    store_number(w_appointment.store_no) as store_id,
    record_number('V', w_appointment.vehicle_seq) as vehicle_id,
    record_number('C', w_appointment.person_seq) as customer_id,
    ['app', 'phone', 'wechat', 'counter'][1 + least(3, pick(w_appointment.k, 'channel', 5))] as channel,
    at_utc(booked_s) as booked_at, at_utc(due_s) as due_at,
    case when known(cancelled_s) then at_utc(cancelled_s) end as cancelled_at,
    case when known(used_s) then order_number(day_no, slot) end as repair_order_no,
    at_utc(
        case
            when known(cancelled_s) then cancelled_s when known(used_s) then used_s else booked_s
        end
    ) as updated_at,
    (w_appointment.store_no * 4096 + w_appointment.day_no) * 1024 + slot as _sort, 0 as _sort_2,
    k as _k, store_number(w_appointment.store_no) as _store_id,
    store_number(w_appointment.store_no) || ':AP'
    || ((w_appointment.store_no * 4096 + w_appointment.day_no) * 512 + slot) as _key
from w_appointment
where in_window(booked_s) or in_window(cancelled_s) or in_window(used_s)
