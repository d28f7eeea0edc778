-- The second brand's stores first; they keep their records in a system of another shape.
create or replace table legacy_store as
select
    store_id,
    'M' || row_number() over (order by store_no) as mdbh
from (
    select *
    from store
    order by store_no % 3 <> 1, store_no
    limit getvariable('legacy_stores')
) as chosen;

create or replace macro mdbh_of(store) as
    coalesce((select legacy_store.mdbh from legacy_store where legacy_store.store_id = store), store);

create or replace macro local_of(moment) as moment + interval 8 hour;
create or replace macro text_of(moment) as strftime(local_of(moment), '%Y/%m/%d %H:%M:%S');

-- Decimals all the way: 0.0001 x yuan and 60 x hours lose nothing.
create or replace macro wan(amount) as amount * 0.0001::decimal(5, 4);
create or replace macro minutes(hours) as hours * 60::decimal(4, 0);

create or replace macro code_of(value, known, codes) as
    coalesce(codes[list_position(known, value)], value);
