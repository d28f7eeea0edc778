-- Once, from the first month's demand: what a store keeps of each part for one cycle.
insert into stock_level
with asked as (
    select
        store_no,
        part_index,
        sum(quantity) / (getvariable('month_until') - getvariable('month_from')) * 7 as week_demand
    from m_batch_part
    group by store_no, part_index
)

select
    store.store_no,
    part.part_index,
    ceil(coalesce(asked.week_demand, 0) * 1.12 + 2.0 * sqrt(coalesce(asked.week_demand, 0)) + 0.5)::bigint,
    floor(coalesce(asked.week_demand, 0) * 0.05)::bigint
from store
cross join part
left join asked on store.store_no = asked.store_no and part.part_index = asked.part_index
where part.is_stocked
order by store.store_no, part.part_index;
