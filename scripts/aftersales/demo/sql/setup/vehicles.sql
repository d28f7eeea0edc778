-- Vehicles (and their owners) the stores already know when the company's records begin.
create or replace table vehicle as
with numbers as (
    select
        store.store_no,
        vehicle_index.range as vehicle_index,
        store.opened_on,
        seeded('vehicle', store.store_no * 100000 + vehicle_index.range) as k
    from store
    cross join range(0, 20000) as vehicle_index
    where
        vehicle_index.range < getvariable('vehicles_per_store') * store.size_factor
        and store.opened_on < day_of(getvariable('start_day'))
),

sequenced as (
    select
        numbers.*,
        (row_number() over (order by store_no, vehicle_index))::integer as vehicle_seq,
        greatest(
            getvariable('start_day') - 720, opened_on - date '2022-01-01'
        ) as earliest_day
    from numbers
)

select
    vehicle_seq,
    -- one owner in twelve owns the vehicle listed before as well
    case when vehicle_index % 2 = 1 and unit(k, 'second car') < 0.16 then vehicle_seq - 1 else vehicle_seq end
        ::integer as person_seq,
    store_no as home_store_no,
    k,
    (
        (earliest_day + pick(k, 'known since', getvariable('start_day') - earliest_day)) * 86400
        + 32400 + pick(k, 'known at', 25000)
    )::integer as created_s,
    (earliest_day - 30 - pick(k, 'sold', 1500))::integer as sold_day,
    (getvariable('start_day') + pick(k, 'first due', getvariable('mean_interval')))::integer as due_day,
    0 as visit_count,
    null::integer as left_day,
    null::integer as left_after_order_no,
    null::varchar as left_cause
from sequenced
order by vehicle_seq;
