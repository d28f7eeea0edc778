-- What a vehicle does in its bay, cut at closing time: work, waiting for approval, waiting for parts.
create or replace temp table m_piece as
with segments as (
    select
        m_work.order_no,
        m_work.store_no,
        m_work.bay_index,
        segment.range as segment_no,
        case segment.range when 1 then 'approval' when 2 then 'parts' else 'work' end as kind,
        start_w + case segment.range
            when 0 then 0
            when 1 then work_w * 2 // 5
            when 2 then work_w * 2 // 5 + approval_w
            else work_w * 2 // 5 + approval_w + parts_w
        end as from_w,
        start_w + case
            when approval_w + parts_w = 0 then m_stay.stay_w
            when segment.range = 0 then work_w * 2 // 5
            when segment.range = 1 then work_w * 2 // 5 + approval_w
            when segment.range = 2 then work_w * 2 // 5 + approval_w + parts_w
            else m_stay.stay_w
        end as until_w
    from m_work
    inner join m_stay on m_work.order_no = m_stay.order_no and m_stay.leg = 1
    cross join range(0, 4) as segment
    where
        segment.range = 0
        or (segment.range = 1 and approval_w > 0)
        or (segment.range = 2 and parts_w > 0)
        or (segment.range = 3 and approval_w + parts_w > 0)
    union all
    select order_no, store_no, bay_index, 4, 'work', start_w, start_w + stay_w
    from m_stay
    where leg = 2 and bay_index is not null
),

cut as (
    select
        segments.*,
        unnest(range(from_w // workday(), (until_w - 1) // workday() + 1)) as open_index
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
    wall(open_day.day_no, greatest(cut.from_w, cut.open_index * workday())) as from_s,
    wall_end(open_day.day_no, least(cut.until_w, (cut.open_index + 1) * workday())) as until_s,
    m_roster.technician_no,
    -- the vehicle before drove out as this one drove in, after at least an hour
    coalesce(
        cut.from_w = lag(cut.until_w) over bay_line
        and cut.from_w - lag(cut.from_w) over bay_line > 3600
        and cut.from_w // workday() = lag(cut.from_w) over bay_line // workday(),
        false
    ) as follows_at_once
from cut
inner join open_day on cut.open_index = open_day.open_index
inner join store_day on cut.store_no = store_day.store_no and open_day.day_no = store_day.day_no
inner join m_roster
    on
        cut.store_no = m_roster.store_no
        and open_day.day_no = m_roster.day_no
        and (cut.bay_index + (store_day.k % 64)::integer) % m_roster.present_count = m_roster.place
window bay_line as (
    partition by cut.store_no, cut.bay_index order by cut.from_w, cut.order_no, cut.open_index
);

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
