-- Who comes back: the planted causes, each with its own share of the draw, so that the answer key
-- can name the one that decided.
create or replace temp table m_decided as
with stockouts as (
    select order_no, count(*) as short_lines
    from m_batch_part
    where fill_status <> 'shelf'
    group by order_no
),

chances as (
    select
        orders.order_no,
        orders.store_no,
        orders.day_no,
        orders.k,
        orders.vehicle_seq,
        orders.fault_no,
        m_roster.technician_no,
        unit(orders.k, 'comes back') as draw,
        0.020 as by_chance,
        [0.21, 0.13, 0.04, 0.0][m_roster.skill_no] as by_skill,
        case when stockouts.order_no is not null then 0.15 else 0 end as by_parts,
        case when orders.load > 1.12 then 0.07 else 0 end as by_load,
        stockouts.order_no is not null as is_short
    from m_batch_order as orders
    inner join m_roster
        on
            orders.store_no = m_roster.store_no
            and orders.day_no = m_roster.day_no
            and (orders.bay_index + orders.bay_offset) % m_roster.present_count = m_roster.place
    left join stockouts on orders.order_no = stockouts.order_no
    where orders.order_type = 'repair' and not orders.is_cancelled
),

caused as (
    select
        chances.*,
        case
            when draw < by_chance then 'chance'
            when draw < by_chance + by_skill then
                case when by_skill > 0.2 then 'novice_technician' else 'technician_experience' end
            when draw < by_chance + by_skill + by_parts then 'part_out_of_stock'
            when draw < by_chance + by_skill + by_parts + by_load then 'overload'
        end as cause
    from chances
)

select
    caused.store_no,
    coalesce(calendar.next_open_day, caused.day_no + 9)::integer as due_day,
    caused.vehicle_seq,
    caused.fault_no,
    caused.order_no as index_order_no,
    caused.cause
from caused
inner join calendar
    on calendar.day_no = caused.day_no + case when is_short then 7 else 3 end + pick(k, 'after days', 20)
where caused.cause is not null;
