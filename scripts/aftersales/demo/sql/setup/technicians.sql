-- Technicians: enough positions that each bay is staffed on each day although everybody has one day
-- off a week; some leave, and a novice follows.
create or replace table technician as
with positions as (
    select
        store.store_no,
        position_index.range::integer as position_index,
        seeded('position', store.store_no * 100 + position_index.range) as k,
        store.store_class,
        store.opened_on
    from store
    cross join range(0, 32) as position_index
    where
        position_index.range
        < store.bay_count + ceil(store.bay_count / 6.0)
),

holders as (
    select
        positions.*,
        holder_index.range::integer as holder_index,
        -- the day the first holder leaves, if ever within the company's life
        case when unit(k, 'leaves') < 0.22 then
            getvariable('start_day') + 40 + pick(k, 'leaves on', 1000)
        end as change_day
    from positions
    cross join range(0, 2) as holder_index
)

select
    store_no,
    position_index,
    (store_no * 100 + position_index * 2 + holder_index)::integer as technician_no,
    'S' || lpad(store_no::varchar, 3, '0') || '-T'
    || lpad((position_index * 2 + holder_index + 1)::varchar, 2, '0') as technician_id,
    seeded('technician', store_no * 100 + position_index * 2 + holder_index) as k,
    case
        when holder_index = 1 then 1
        when unit(k, 'skill') < 0.16 + 0.16 * (store_class = 'C')::integer then 1
        when unit(k, 'skill') < 0.44 + 0.10 * (store_class = 'C')::integer then 2
        when unit(k, 'skill') < 0.80 then 3
        else 4
    end as skill_no,
    case
        when holder_index = 1 then change_day + 1
        else greatest(opened_on - date '2022-01-01', -1500 + pick(k, 'hired', 1200))
    end::integer as hired_day,
    case when holder_index = 0 then change_day end::integer as left_day
from holders
where holder_index = 0 or change_day is not null
order by technician_no;

create or replace table skill as
select *
from (values (1, 'novice', 1.14), (2, 'junior', 1.05), (3, 'senior', 0.97), (4, 'expert', 0.92))
    as skill (skill_no, skill_level, pace);
