select
    record_number('C', person_seq) as customer_id, store_number(home_store_no) as store_id,
    case
        when unit(k, 'company') < 0.05
            then '北京' || person_name(k)[2:] || ['商贸', '科技', '物流', '汽车租赁'][1 + pick(k, 'trade', 4)]
            || '有限公司'
        else person_name(k)
    end as customer_name,
    mobile_phone(person_seq) as phone,
    case when unit(k, 'company') < 0.05 then 'company' else 'person' end as customer_kind,
    at_utc(created_s) as created_at, at_utc(created_s) as updated_at,
    person_seq as _sort, 0 as _sort_2, hash(k) as _k,
    store_number(home_store_no) as _store_id, record_number('C', person_seq) as _key
from vehicle
where vehicle_seq = person_seq and in_window(created_s)
