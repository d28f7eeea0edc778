-- Once, from the first month's demand: what a store keeps of each part for one cycle.
insert into stock_level
with asked as (
    select
        store_no,
        part_index,
        sum(quantity) / (getvariable('month_until') - getvariable('month_from')) * 7 as week_demand
    from m_batch_part
    group by store_no, part_index
),

usual as (
    select part_index, sum(week_demand::decimal(18, 6))::double / count(*) as week_demand
    from asked
    group by part_index
),

expected as (
    select
        store.store_no,
        part.part_index,
        coalesce(asked.week_demand, usual.week_demand * store.size_factor, 0) as week_demand
    from store
    cross join part
    left join asked on store.store_no = asked.store_no and part.part_index = asked.part_index
    left join usual on part.part_index = usual.part_index
    where part.is_stocked
)

select
    store_no,
    part_index,
    ceil(week_demand * 1.12 + 2.0 * sqrt(week_demand) + 0.5)::bigint,
    floor(week_demand * 0.05)::bigint
from expected
order by store_no, part_index;
