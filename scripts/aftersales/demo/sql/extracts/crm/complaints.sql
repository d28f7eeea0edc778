select
    'CP' || order_no as complaint_id, store_id,
    case when unit(k, 'names order') < 0.9 then repair_order_no end as repair_order_no,
    topic_code, at_utc(opened_s) as opened_at,
    case when known(closed_s) then at_utc(closed_s) end as closed_at,
    at_utc(case when known(closed_s) then closed_s else opened_s end) as updated_at,
    order_no as _sort, 0 as _sort_2, hash(xor(k, 5::ubigint)) as _k, store_id as _store_id,
    'CP' || order_no as _key
from w_complaint
where in_window(opened_s) or in_window(closed_s)
