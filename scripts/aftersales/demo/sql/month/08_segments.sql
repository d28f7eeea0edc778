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
),

numbered as (
    select
        *,
        (row_number() over (partition by order_no order by from_w, open_index) - 1)::integer
            as piece_no
    from cut
),

pieces as (
    select
        *,
        -- no defect of its own, no late entry: a defect planted in the next piece can count on it
        not is_late_order(seeded('order', order_no))
        and defect_draw(seeded('piece', order_no::bigint * 16 + piece_no)) >= 100000 as is_sound
    from numbered
)

select
    pieces.order_no,
    pieces.store_no,
    pieces.bay_index,
    pieces.piece_no,
    pieces.kind,
    open_day.day_no,
    wall(open_day.day_no, greatest(pieces.from_w, pieces.open_index * workday())) as from_s,
    wall_end(open_day.day_no, least(pieces.until_w, (pieces.open_index + 1) * workday())) as until_s,
    m_roster.technician_no,
    -- the vehicle before drove out as this one drove in, after at least an hour
    coalesce(
        pieces.from_w = lag(pieces.until_w) over bay_line
        and pieces.from_w - lag(pieces.from_w) over bay_line > 3600
        and pieces.from_w // workday() = lag(pieces.from_w) over bay_line // workday()
        and lag(pieces.is_sound) over bay_line,
        false
    ) as follows_at_once
from pieces
inner join open_day on pieces.open_index = open_day.open_index
inner join store_day on pieces.store_no = store_day.store_no and open_day.day_no = store_day.day_no
inner join m_roster
    on
        pieces.store_no = m_roster.store_no
        and open_day.day_no = m_roster.day_no
        and (pieces.bay_index + (store_day.k % 64)::integer) % m_roster.present_count = m_roster.place
window bay_line as (
    partition by pieces.store_no, pieces.bay_index order by pieces.from_w, pieces.order_no, pieces.open_index
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
