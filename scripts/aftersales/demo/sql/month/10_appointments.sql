-- Appointments due this month: kept ones, no-shows, cancelled ones. Booked days ahead, so an earlier
-- extract may hold them already.
create or replace temp table m_appointment as
with kept as (
    select
        store_no,
        day_no,
        slot,
        k,
        vehicle_seq,
        person_seq,
        vehicle_created_s,
        (arrived_s + pick(k, 'punctual', 1500) - 900) // 900 * 900 as due_s,
        case when not is_suppressed then order_no end as order_no,
        case when not is_suppressed then created_s end as used_s,
        false as is_cancelled
    from m_settled
    where has_appointment
),

missed as (
    select
        kept.store_no,
        kept.day_no,
        kept.slot + 200 as slot,
        hash(kept.k) as k,
        m_due.vehicle_seq,
        m_due.person_seq,
        m_due.created_s as vehicle_created_s,
        kept.day_no * 86400 + 30600 + pick(kept.k, 'missed at', 26) * 900 as due_s,
        null::integer as order_no,
        null::integer as used_s,
        unit(kept.k, 'missed') < 0.06 as is_cancelled
    from kept
    inner join m_due
        on
            kept.store_no = m_due.store_no
            and (kept.k % m_due.list_size::ubigint)::integer = m_due.place
    where unit(kept.k, 'missed') < 0.28
),

every as (
    select * from kept
    union all
    select * from missed
),

booked as (
    select
        every.*,
        greatest(
            (day_no - 1 - pick(k, 'lead', 10)) * 86400 + 28800 + pick(k, 'booked', 43200),
            vehicle_created_s + 900
        ) as booked_s
    from every
)

select
    store_no,
    day_no,
    slot::integer as slot,
    k,
    vehicle_seq,
    person_seq,
    due_s::integer as due_s,
    order_no,
    booked_s::integer as booked_s,
    case
        when is_cancelled then greatest(booked_s + 600, due_s - 7200 - pick(k, 'cancelled', 72000))
    end::integer as cancelled_s,
    used_s
from booked
where booked_s < due_s - 7200;

create table if not exists w_appointment as select * from m_appointment limit 0;
insert into w_appointment select * from m_appointment;
