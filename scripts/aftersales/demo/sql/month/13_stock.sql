-- Stock at the end of each day and what came in: what a cycle used is replenished on the first day
-- of the next one, so stock = level - issues of the cycle = the sum of all movements.
create or replace temp table m_issued as
select store_no, part_index, day_no, sum(quantity)::bigint as issued
from m_part
where fill_status = 'shelf'
group by store_no, part_index, day_no;

create or replace temp table m_stock as
with grid as (
    select
        stock_level.store_no,
        stock_level.part_index,
        stock_level.shelf + stock_level.reserve as level,
        calendar.day_no,
        (calendar.day_no - getvariable('month_from')) // 7 as cycle_no,
        store.opened_on - date '2022-01-01' as opened_day
    from stock_level
    inner join store on stock_level.store_no = store.store_no
    cross join calendar
    where
        calendar.date_on >= store.opened_on
        and calendar.day_no >= getvariable('month_from') and calendar.day_no < getvariable('month_until')
)

select
    grid.store_no,
    grid.part_index,
    grid.day_no,
    grid.cycle_no,
    grid.level,
    grid.opened_day,
    (
        sum(coalesce(m_issued.issued, 0)) over (
            partition by grid.store_no, grid.part_index, grid.cycle_no order by grid.day_no
            rows unbounded preceding
        )
    )::bigint as cycle_issued
from grid
left join m_issued
    on
        grid.store_no = m_issued.store_no
        and grid.part_index = m_issued.part_index
        and grid.day_no = m_issued.day_no;

create table if not exists w_stock as
select store_no, part_index, day_no, 0::bigint as quantity from m_stock limit 0;
insert into w_stock
select store_no, part_index, day_no, level - cycle_issued from m_stock;

create or replace temp table m_cycle as
select store_no, part_index, cycle_no, max(cycle_issued) as issued, min(day_no) as first_day, max(day_no) as last_day, max(opened_day)::integer as opened_day, max(level) as level
from m_stock
group by store_no, part_index, cycle_no;

create table if not exists w_receipt (
    store_no integer, part_index integer, day_no integer, quantity bigint, kind varchar
);
insert into w_receipt
select store_no, part_index, (last_day + 1)::integer, issued, 'receipt'
from m_cycle
where last_day + 1 < getvariable('month_until') and issued > 0
union all
select store_no, part_index, getvariable('month_from'), issued, 'receipt'
from cycle_tail
where issued > 0
union all
select store_no, part_index, first_day, level, 'receipt'
from m_cycle
where first_day = greatest(getvariable('start_day'), opened_day);

create or replace table cycle_tail as
select store_no, part_index, issued
from m_cycle
where last_day + 1 = getvariable('month_until')
order by store_no, part_index;
