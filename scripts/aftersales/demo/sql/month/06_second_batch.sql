-- Comebacks of this month's orders that are due this month are orders of the month too.
create or replace temp table m_batch as
with due_comebacks as (
    select
        m_decided.*,
        row_number() over (partition by store_no, due_day order by index_order_no) - 1 as place
    from m_decided
    where due_day < getvariable('month_until')
)

select
    store_no,
    due_day as day_no,
    (300 + place)::integer as slot,
    ((store_no * 4096 + due_day) * 512 + 300 + place)::integer as order_no,
    seeded('order', (store_no * 4096 + due_day) * 512 + 300 + place) as k,
    0 as regular_orders,
    false as is_new,
    vehicle_seq,
    index_order_no,
    fault_no
from due_comebacks
where place < 200;

insert into comeback_cause
select
    m_decided.index_order_no,
    m_batch.order_no,
    m_decided.vehicle_seq,
    0,
    m_decided.cause
from m_batch
inner join m_decided on m_batch.index_order_no = m_decided.index_order_no;
