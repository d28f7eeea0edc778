with records as (
    select person_seq, home_store_no, k, created_s, 0 as copy
    from vehicle
    where vehicle_seq = person_seq
    union all
    -- planted: the same person keyed again, twice
    select person_seq, home_store_no, k, keyed_again_s(k, created_s, copy.range), copy.range
    from vehicle
    cross join range(1, 3) as copy
    where vehicle_seq = person_seq and is_keyed_again(k)
)

select
    dms_customer(person_seq, copy) as customer_id, store_number(home_store_no) as store_id,
    case copy
        when 0 then owner_name(k)
        when 1 then owner_name(k)[1] || ' ' || owner_name(k)[2:]
        else owner_name(k) || ['先生', '女士'][1 + pick(k, 'title', 2)]
    end as customer_name,
    case copy
        when 0 then mobile_phone(person_seq)
        when 1 then '+86 ' || mobile_phone(person_seq)
        else mobile_phone(person_seq)[:3] || '-' || mobile_phone(person_seq)[4:7] || '-'
            || mobile_phone(person_seq)[8:]
    end as phone,
    case when unit(k, 'company') < 0.05 then 'company' else 'person' end as customer_kind,
    at_utc(created_s) as created_at, at_utc(created_s) as updated_at,
    person_seq as _sort, copy as _sort_2, hash(xor(k, copy::ubigint)) as _k,
    store_number(home_store_no) as _store_id, dms_customer(person_seq, copy) as _key,
    is_keyed_again(k) as _is_keyed_again,
    case when copy > 0 then 'customer_duplicated' end as _planted
from records
where in_window(created_s)
