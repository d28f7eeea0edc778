-- Which records of the systems are the same person.
with persons as (
    select
        vehicle.person_seq,
        vehicle.k,
        vehicle.created_s
    from vehicle
    where vehicle.vehicle_seq = vehicle.person_seq
),

records as (
    select person_seq, 'dms' as system, dms_customer(person_seq, 0) as source_customer_id
    from persons
    where known(created_s)
    union all
    select person_seq, 'dms', dms_customer(person_seq, copy.range)
    from persons
    cross join range(1, 3) as copy
    where is_keyed_again(k) and known(keyed_again_s(k, created_s, copy.range))
    union all
    select person_seq, 'crm', record_number('M', person_seq)
    from persons
    where known(created_s + 1800) and (unit(k, 'in crm') < 0.82 or is_keyed_again(k))
    union all
    select person_seq, 'finance', record_number('D', person_seq)
    from persons
    where
        known(created_s + 7200)
        and (unit(k, 'company') < 0.05 or unit(k, 'account') < 0.20 or is_keyed_again(k))
)

select record_number('P', person_seq) as person_id, system, source_customer_id
from records
order by person_id, system, source_customer_id
