-- Where the next month begins on the working axis.
set variable month_until_w = (
    select min(open_index)::bigint * workday()
    from calendar
    where is_open and day_no >= getvariable('month_until')
);

-- The month's roster and the vehicles that are due, most overdue first.
create or replace temp table m_roster as
with present as (
    select
        technician.store_no,
        calendar.day_no,
        technician.technician_no,
        technician.skill_no,
        technician.k
    from technician
    cross join calendar
    where
        calendar.day_no >= getvariable('month_from')
        and calendar.day_no < getvariable('month_until') + 45
        and calendar.is_open
        and (calendar.day_no + technician.position_index) % 7 <> 0
        and technician.hired_day <= calendar.day_no
        and (technician.left_day is null or technician.left_day >= calendar.day_no)
)

select
    store_no,
    day_no,
    technician_no,
    skill_no,
    (row_number() over (partition by store_no, day_no order by hash(xor(k, day_no::ubigint)), technician_no) - 1)
        ::integer as place,
    (count(*) over (partition by store_no, day_no))::integer as present_count
from present;

create or replace temp table m_store_month as
select store_no, sum(regular_orders) as regular_orders
from store_day
where day_no >= getvariable('month_from') and day_no < getvariable('month_until')
group by store_no;

create or replace temp table m_due as
with active as (
    select
        vehicle_seq,
        person_seq,
        k,
        due_day,
        created_s,
        -- a few visit another store of the network this month
        case
            when unit(k, 'roams' || getvariable('month_no')) < 0.03
                then 1 + (home_store_no + pick(k, 'to' || getvariable('month_no'), 7)) % getvariable('store_count')
            else home_store_no
        end::integer as store_no
    from vehicle
    where left_day is null and created_s < getvariable('month_from') * 86400
)

select
    *,
    (row_number() over (partition by store_no order by due_day, k, vehicle_seq) - 1)::integer as place,
    (count(*) over (partition by store_no))::integer as list_size
from active;
