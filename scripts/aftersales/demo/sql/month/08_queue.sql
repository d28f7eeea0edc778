-- The workshop queue. Time runs on a working axis w: seconds the workshops have worked since the
-- origin, so work stops in the evening and goes on at the next opening. Each bay serves first come,
-- first served: start = work before + the greatest slack so far (Lindley's rule in closed form),
-- which one window function computes for every bay at once.
create or replace macro serve(jobs) as table (
    with totals as (
        select
            job.*,
            coalesce(bay_free.free_w, 0) as free_w,
            (
                sum(job.stay_w) over (
                    partition by job.store_no, job.bay_index
                    order by job.ready_w, job.order_no, job.leg
                    rows unbounded preceding
                )
            )::bigint - job.stay_w as before_w
        from query_table(jobs) as job
        left join bay_free
            on job.store_no = bay_free.store_no and job.bay_index = bay_free.bay_index
    )

    select
        order_no,
        leg,
        store_no,
        bay_index,
        before_w + max(greatest(ready_w, free_w) - before_w) over (
            partition by store_no, bay_index
            order by ready_w, order_no, leg
            rows unbounded preceding
        ) as start_w,
        stay_w
    from totals
);

create or replace temp table m_work as
with jobs as (
    select
        order_no,
        sum(hours_sold::decimal(8, 2))::double as hours_sold,
        -- the main operation's technician
        min(skill_no) filter (where line_index = 0) as skill_no,
        min(technician_no) filter (where line_index = 0) as technician_no
    from m_labour
    group by order_no
),

shortages as (
    select order_no
    from m_part
    where fill_status = 'emergency'
    group by order_no
),

staged as (
    select
        orders.order_no,
        orders.store_no,
        orders.day_no,
        orders.bay_index,
        orders.bay_count,
        orders.k,
        jobs.technician_no,
        -- a part nobody has: bought within hours, or within days (the bay is left meanwhile)
        shortages.order_no is not null
        and orders.bay_index < orders.bay_count - 1
        and unit(orders.k, 'parts come') < 0.09 as waits_days,
        -- write-up: quicker with an appointment, slower when the reception is busy
        orders.arrived_s
        + (
            (150 + pick(orders.k, 'write-up', 780) * case when orders.has_appointment then 0.6 else 1 end)
            * greatest(0.7, orders.load) * orders.pace
        )::integer as opened_s,
        case
            when orders.order_type in ('repair', 'body') and unit(orders.k, 'approval') < 0.16
                then 900 + pick(orders.k, 'approval wait', 4200)
            else 0
        end as approval_w,
        case
            when shortages.order_no is not null then 1800 + pick(orders.k, 'parts wait', 4800)
            else 0
        end as parts_w,
        greatest(
            900,
            jobs.hours_sold * 3600 * 0.80 * skill.pace * orders.pace * (0.85 + 0.3 * unit(orders.k, 'work'))
        )::integer as work_w
    from m_order as orders
    inner join jobs on orders.order_no = jobs.order_no
    inner join skill on jobs.skill_no = skill.skill_no
    left join shortages on orders.order_no = shortages.order_no
    where not orders.is_cancelled
)

select
    staged.* exclude (approval_w, parts_w),
    case when waits_days then 0 else approval_w end as approval_w,
    case when waits_days then 0 else parts_w end as parts_w,
    -- the first stay in the bay: all the work, or the diagnosis when parts take days
    case when waits_days then least(2400, work_w) else work_w + approval_w + parts_w end as stay_w,
    calendar.open_index::bigint * workday()
    + least(35000, greatest(0, staged.opened_s - staged.day_no * 86400 - 28800 + 240)) as ready_w
from staged
inner join calendar on staged.day_no = calendar.day_no;

create or replace temp table m_job_main as
select order_no, 1 as leg, store_no, bay_index, ready_w, stay_w
from m_work
where bay_index < bay_count - 1;

create or replace temp table m_stay as
select * from serve('m_job_main');

-- The last bay of a store takes its share of the orders and the vehicles whose parts have come.
-- Parts that come in the next month are fitted on the yard, so that no bay is booked before its time.
create or replace temp table m_job_return as
select
    m_work.order_no,
    2 as leg,
    m_work.store_no,
    m_work.bay_count - 1 as bay_index,
    ((m_stay.start_w + m_stay.stay_w) // workday() + 1 + pick(m_work.k, 'parts days', 3)) * workday()
    + pick(m_work.k, 'parts hour', 9000) as ready_w,
    greatest(900, m_work.work_w - 1800) as stay_w
from m_work
inner join m_stay on m_work.order_no = m_stay.order_no
where m_work.waits_days;

create or replace temp table m_job_last as
select order_no, 1 as leg, store_no, bay_index, ready_w, stay_w
from m_work
where bay_index = bay_count - 1
union all
select order_no, leg, store_no, bay_index, ready_w, stay_w
from m_job_return
where ready_w < getvariable('month_until_w');

insert into m_stay
select * from serve('m_job_last');

insert into m_stay
select order_no, leg, store_no, null, ready_w, stay_w
from m_job_return
where ready_w >= getvariable('month_until_w');

create or replace temp table m_bay_free as
with ends as (
    select store_no, bay_index, start_w + stay_w as free_w from m_stay where bay_index is not null
    union all
    select store_no, bay_index, free_w from bay_free
)

select store_no, bay_index, max(free_w) as free_w
from ends
group by store_no, bay_index;

create or replace table bay_free as select * from m_bay_free order by store_no, bay_index;
