select
    record_number('D', person_seq) as account_no,
    owner_name(k) as customer_name,
    mobile_phone(person_seq) as phone,
    at_utc(created_s + 7200) as created_at, at_utc(created_s + 7200) as updated_at,
    person_seq as _sort, 0 as _sort_2, hash(xor(k, 6::ubigint)) as _k,
    store_number(home_store_no) as _store_id, record_number('D', person_seq) as _key,
    is_keyed_again(k) as _is_keyed_again
from vehicle
where
    vehicle_seq = person_seq
    and in_window(created_s + 7200)
    and (unit(k, 'company') < 0.05 or unit(k, 'account') < 0.20 or is_keyed_again(k))
