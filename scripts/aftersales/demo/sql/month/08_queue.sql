-- The workshop queue. Time runs on a working axis w: seconds the workshops have been open since the
-- origin (36,000 a day), so work stops at closing time and goes on at the next opening. Each bay
-- serves first come first served: start = work before + the latest slack so far (Lindley's rule in
-- closed form), which one window function computes for every bay at once.
create or replace temp table m_visit as
with work as (
    select
        order_no,
        sum(hours_sold) as hours_sold,
        -- the main technician: most hours, then the lower number
        min(skill_no) filter (where line_index = 0) as skill_no,
        min(technician_no) filter (where line_index = 0) as technician_no
    from m_labour
    group by order_no
),

shortages as (
    select order_no, count(*) as short_lines
    from m_part
    where fill_status = 'emergency'
    group by order_no
),

staged as (
    select
        orders.*,
        work.hours_sold,
        work.technician_no,
        shortages.order_no is not null and unit(orders.k, 'parts come') >= 0.55 as waits_days,
        -- write-up: quicker with an appointment, slower when the reception is busy
        orders.arrived_s
        + (
            (150 + pick(orders.k, 'write-up', 780) * case when orders.has_appointment then 0.6 else 1 end)
            * greatest(0.7, orders.load) * orders.pace
        )::integer as opened_s,
        case
            when
                orders.order_type in ('repair', 'body')
                and unit(orders.k, 'approval') < 0.16
                and not (shortages.order_no is not null and unit(orders.k, 'parts come') >= 0.55)
                then 900 + pick(orders.k, 'approval wait', 4200)
            else 0
        end as approval_w,
        case
            when shortages.order_no is not null and unit(orders.k, 'parts come') < 0.55
                then 2400 + pick(orders.k, 'parts wait', 6600)
            else 0
        end as parts_w,
        greatest(
            900,
            work.hours_sold * 3600 * 0.80 * skill.pace * orders.pace * (0.85 + 0.3 * unit(orders.k, 'work'))
        )::integer as work_w
    from m_order as orders
    inner join work on orders.order_no = work.order_no
    inner join skill on work.skill_no = skill.skill_no
    left join shortages on orders.order_no = shortages.order_no
    where not orders.is_cancelled
),

jobs as (
    select
        staged.*,
        calendar.open_index::bigint * 36000
        + least(36000, greatest(0, staged.opened_s - staged.day_no * 86400 - 28800 + 240)) as ready_w,
        -- first stay in the bay: all the work, or the diagnosis when parts take days
        case when waits_days then least(2400, work_w) else work_w + approval_w + parts_w end as stay_w,
        coalesce(bay_free.free_w, 0) as free_w
    from staged
    inner join calendar on staged.day_no = calendar.day_no
    left join bay_free
        on staged.store_no = bay_free.store_no and staged.bay_index = bay_free.bay_index
),

totals as (
    select
        jobs.*,
        (sum(stay_w) over bay_line)::bigint - stay_w as before_w
    from jobs
    window bay_line as (
        partition by store_no, bay_index order by ready_w, order_no rows unbounded preceding
    )
),

started as (
    select
        totals.*,
        before_w + max(greatest(ready_w, free_w) - before_w) over (
            partition by store_no, bay_index order by ready_w, order_no rows unbounded preceding
        ) as start_w
    from totals
)

select
    *,
    start_w + stay_w as first_end_w
from started;

-- The vehicles whose parts took days come back to the last bay of the store.
create or replace temp table m_return as
with jobs as (
    select
        m_visit.order_no,
        m_visit.store_no,
        store.main_bays as bay_index,
        (m_visit.first_end_w // 36000 + 1 + pick(m_visit.k, 'parts days', 3)) * 36000
        + pick(m_visit.k, 'parts hour', 9000) as ready_w,
        greatest(900, m_visit.work_w - 1800) as stay_w,
        coalesce(bay_free.free_w, 0) as free_w
    from m_visit
    inner join store on m_visit.store_no = store.store_no
    left join bay_free
        on m_visit.store_no = bay_free.store_no and store.main_bays = bay_free.bay_index
    where m_visit.waits_days
),

totals as (
    select
        jobs.*,
        (sum(stay_w) over bay_line)::bigint - stay_w as before_w
    from jobs
    window bay_line as (partition by store_no order by ready_w, order_no rows unbounded preceding)
),

started as (
    select
        totals.*,
        before_w + max(greatest(ready_w, free_w) - before_w) over (
            partition by store_no order by ready_w, order_no rows unbounded preceding
        ) as start_w
    from totals
)

select
    order_no,
    store_no,
    bay_index,
    start_w,
    start_w + stay_w as end_w
from started;

create or replace temp table m_bay_free as
with ends as (
    select store_no, bay_index, first_end_w as free_w from m_visit
    union all
    select store_no, bay_index, end_w from m_return
    union all
    select store_no, bay_index, free_w from bay_free
)

select store_no, bay_index, max(free_w) as free_w
from ends
group by store_no, bay_index;

create or replace table bay_free as select * from m_bay_free order by store_no, bay_index;

-- What a vehicle does in its bay, cut at closing time: work, waiting for approval, waiting for parts.
create or replace temp table m_piece as
with segments as (
    select
        order_no,
        store_no,
        bay_index,
        segment.range as segment_no,
        case segment.range when 1 then 'approval' when 2 then 'parts' else 'work' end as kind,
        start_w + case segment.range
            when 0 then 0
            when 1 then work_w * 2 // 5
            when 2 then work_w * 2 // 5 + approval_w
            else work_w * 2 // 5 + approval_w + parts_w
        end as from_w,
        start_w + case
            when approval_w + parts_w = 0 then stay_w
            when segment.range = 0 then work_w * 2 // 5
            when segment.range = 1 then work_w * 2 // 5 + approval_w
            when segment.range = 2 then work_w * 2 // 5 + approval_w + parts_w
            else stay_w
        end as until_w
    from m_visit
    cross join range(0, 4) as segment
    where
        segment.range = 0
        or (segment.range = 1 and approval_w > 0)
        or (segment.range = 2 and parts_w > 0)
        or (segment.range = 3 and approval_w + parts_w > 0)
    union all
    select order_no, store_no, bay_index, 4, 'work', start_w, end_w
    from m_return
),

cut as (
    select
        segments.*,
        unnest(range(from_w // 36000, (until_w - 1) // 36000 + 1)) as open_index
    from segments
)

select
    cut.order_no,
    cut.store_no,
    cut.bay_index,
    (row_number() over (partition by cut.order_no order by cut.from_w, cut.open_index) - 1)::integer
        as piece_no,
    cut.kind,
    open_day.day_no,
    wall(open_day.day_no, greatest(cut.from_w, cut.open_index * 36000)) as from_s,
    wall_end(open_day.day_no, least(cut.until_w, (cut.open_index + 1) * 36000)) as until_s,
    m_roster.technician_no
from cut
inner join open_day on cut.open_index = open_day.open_index
inner join store_day on cut.store_no = store_day.store_no and open_day.day_no = store_day.day_no
inner join m_roster
    on
        cut.store_no = m_roster.store_no
        and open_day.day_no = m_roster.day_no
        and (cut.bay_index + (store_day.k % 64)::integer) % m_roster.present_count = m_roster.place;

create or replace temp table m_wait as
select
    order_no,
    min(from_s) filter (where kind = 'approval') as approval_started_s,
    max(until_s) filter (where kind = 'approval') as approval_ended_s,
    min(from_s) filter (where kind = 'parts') as parts_started_s,
    max(until_s) filter (where kind = 'parts') as parts_ended_s
from m_piece
where kind <> 'work'
group by order_no;
