-- One slot an order: the day's regular demand and the comebacks due from earlier months.
create or replace temp table m_slot as
with lists as (
    select
        m_store_month.store_no,
        coalesce(max(m_due.list_size), 0) as list_size,
        greatest(
            getvariable('new_share'),
            1 - coalesce(max(m_due.list_size), 0) / (0.7 * max(m_store_month.regular_orders))
        ) as new_share
    from m_store_month
    left join m_due on m_store_month.store_no = m_due.store_no
    group by m_store_month.store_no
),

regular as (
    select
        store_day.store_no,
        store_day.day_no,
        unnest(range(store_day.regular_orders))::integer as slot,
        store_day.regular_orders
    from store_day
    where
        store_day.day_no >= getvariable('month_from')
        and store_day.day_no < getvariable('month_until')
),

keyed as (
    select
        regular.*,
        ((regular.store_no * 4096 + regular.day_no) * 512 + regular.slot)::integer as order_no,
        seeded('order', (regular.store_no * 4096 + regular.day_no) * 512 + regular.slot) as k
    from regular
),

marked as (
    select
        keyed.*,
        lists.list_size,
        unit(keyed.k, 'new') < lists.new_share as is_new,
        (
            row_number() over (
                partition by keyed.store_no, unit(keyed.k, 'new') < lists.new_share
                order by keyed.day_no, hash(keyed.k)
            ) - 1
        )::integer as place
    from keyed
    inner join lists on keyed.store_no = lists.store_no
),

-- a slot of a known vehicle takes the vehicle at its place in the store's list of due vehicles
placed as (
    select
        marked.*,
        case when not is_new then place % list_size end as due_place
    from marked
)

select
    placed.store_no,
    placed.day_no,
    placed.slot,
    placed.order_no,
    placed.k,
    placed.regular_orders,
    placed.is_new,
    m_due.vehicle_seq,
    null::integer as index_order_no,
    null::integer as fault_no
from placed
left join m_due
    on placed.store_no = m_due.store_no and placed.due_place = m_due.place;

-- vehicles seen for the first time become records, numbered in order
insert into vehicle
select
    (getvariable('vehicle_count') + row_number() over (order by order_no))::integer,
    (getvariable('vehicle_count') + row_number() over (order by order_no))::integer,
    store_no,
    seeded('new vehicle', order_no),
    (day_no * 86400 + 28000)::integer,
    case
        when unit(k, 'pdi') < 0.3 then day_no - pick(k, 'sold', 12)
        else day_no - 60 - pick(k, 'sold', 1800)
    end::integer,
    (day_no + getvariable('mean_interval') * (0.5 + unit(k, 'interval')))::integer,
    0,
    null,
    null,
    null
from m_slot
where is_new
order by order_no;

create or replace temp table m_batch as
with newly_known as (
    select order_no, (getvariable('vehicle_count') + row_number() over (order by order_no))::integer as vehicle_seq
    from m_slot
    where is_new
),

due_comebacks as (
    select
        pending_comeback.*,
        row_number() over (partition by store_no, due_day order by index_order_no) - 1 as place
    from pending_comeback
    where due_day < getvariable('month_until')
)

select
    m_slot.store_no,
    m_slot.day_no,
    m_slot.slot,
    m_slot.order_no,
    m_slot.k,
    m_slot.regular_orders,
    m_slot.is_new,
    coalesce(m_slot.vehicle_seq, newly_known.vehicle_seq) as vehicle_seq,
    null::integer as index_order_no,
    null::integer as fault_no
from m_slot
left join newly_known on m_slot.order_no = newly_known.order_no
union all
select
    store_no,
    due_day,
    (200 + place)::integer,
    ((store_no * 4096 + due_day) * 512 + 200 + place)::integer,
    seeded('order', (store_no * 4096 + due_day) * 512 + 200 + place),
    0,
    false,
    vehicle_seq,
    index_order_no,
    fault_no
from due_comebacks
where place < 100;

insert into comeback_cause
select
    pending_comeback.index_order_no,
    m_batch.order_no,
    pending_comeback.vehicle_seq,
    0,
    pending_comeback.cause
from m_batch
inner join pending_comeback on m_batch.index_order_no = pending_comeback.index_order_no;

delete from pending_comeback where due_day < getvariable('month_until');
