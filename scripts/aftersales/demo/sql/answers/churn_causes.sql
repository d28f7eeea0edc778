-- Who stopped coming, after which order, and why.
select
    record_number('V', vehicle_seq) as vehicle_id,
    record_number('C', person_seq) as customer_id,
    store_number(left_after_order_no // (4096 * 512)) as store_id,
    order_number(left_after_order_no // 512 % 4096, left_after_order_no % 512) as repair_order_no,
    day_of(left_day) as left_on,
    left_cause as cause
from vehicle
where left_cause is not null and known(left_day * 86400)
order by vehicle_id
