-- Who never comes again, and why: decided on the last visit of the month.
create or replace temp table m_last_visit as
with ranked as (
    select
        m_felt.*,
        row_number() over (partition by vehicle_seq order by arrived_s desc, order_no desc) as rank
    from m_felt
)

select
    ranked.*,
    unit(ranked.k, 'leaves') as draw,
    getvariable('leave_scale') * 0.012 as by_moving,
    getvariable('leave_scale') * case when waited_h > 2 then 0.07 when waited_h > 1.2 then 0.02 else 0 end as by_wait,
    case
        when is_neglected then 1
        else getvariable('leave_scale') * case when satisfaction < 8 then 0.11 else 0 end
    end as by_satisfaction
from ranked
where
    rank = 1
    and not exists (
        select 1 from pending_comeback where pending_comeback.vehicle_seq = ranked.vehicle_seq
    );

create or replace temp table m_vehicle_change as
with last_days as (
    select vehicle_seq, max(day_no) as day_no, count(*) as visits
    from m_settled
    where not is_cancelled and not is_suppressed
    group by vehicle_seq
),

leavers as (
    select
        vehicle_seq,
        order_no,
        case
            when draw < by_moving then 'moved_away'
            when draw < by_moving + by_wait then 'long_wait'
            when draw < by_moving + by_wait + by_satisfaction then 'low_satisfaction'
        end as cause
    from m_last_visit
)

select
    last_days.vehicle_seq,
    last_days.day_no,
    last_days.visits,
    leavers.order_no as left_after_order_no,
    leavers.cause
from last_days
left join leavers on last_days.vehicle_seq = leavers.vehicle_seq and leavers.cause is not null;

create or replace table vehicle as
select
    vehicle.vehicle_seq,
    vehicle.person_seq,
    vehicle.home_store_no,
    vehicle.k,
    vehicle.created_s,
    vehicle.sold_day,
    case
        when m_vehicle_change.vehicle_seq is null then vehicle.due_day
        else m_vehicle_change.day_no + (
            getvariable('mean_interval') * (0.5 + unit(vehicle.k, 'interval'))
            * (0.8 + 0.4 * unit(hash(vehicle.k), 'due' || getvariable('month_no')))
        )::integer
    end as due_day,
    (vehicle.visit_count + coalesce(m_vehicle_change.visits, 0))::integer as visit_count,
    case when m_vehicle_change.cause is not null then m_vehicle_change.day_no else vehicle.left_day end
        as left_day,
    coalesce(m_vehicle_change.left_after_order_no, vehicle.left_after_order_no) as left_after_order_no,
    coalesce(m_vehicle_change.cause, vehicle.left_cause) as left_cause
from vehicle
left join m_vehicle_change on vehicle.vehicle_seq = m_vehicle_change.vehicle_seq
order by vehicle.vehicle_seq;
