-- Why an order came back, for the comebacks that both orders show by the end of the records.
with told as (
    select
        comeback_cause.cause,
        index_order.order_no as index_order_no,
        comeback.order_no as comeback_order_no,
        index_order.vehicle_seq,
        index_order.fault_no,
        index_order.technician_no,
        index_order.closed_s as index_closed_s,
        comeback.opened_s as comeback_opened_s
    from comeback_cause
    inner join repair_fact as index_order on comeback_cause.index_order_no = index_order.order_no
    inner join repair_fact as comeback on comeback_cause.order_no = comeback.order_no
    where
        not index_order.is_suppressed
        and not comeback.is_suppressed
        and known(greatest(index_order.created_s, index_order.closed_s))
        and known(comeback.created_s)
        and comeback.opened_s > index_order.closed_s
        and comeback.opened_s // 86400 <= index_order.closed_s // 86400 + 30
)

select
    store_number(told.index_order_no // (4096 * 512)) as store_id,
    order_number(told.index_order_no // 512 % 4096, told.index_order_no % 512) as repair_order_no,
    record_number('V', told.vehicle_seq) as vehicle_id,
    fault.fault_system,
    technician.technician_id,
    told.cause,
    order_number(told.comeback_order_no // 512 % 4096, told.comeback_order_no % 512)
        as comeback_repair_order_no
from told
inner join fault on told.fault_no = fault.fault_no
inner join technician on told.technician_no = technician.technician_no
where not exists (
    select 1
    from repair_fact as between_order
    where
        between_order.vehicle_seq = told.vehicle_seq
        and between_order.fault_no = told.fault_no
        and between_order.opened_s > told.index_closed_s
        and between_order.opened_s < told.comeback_opened_s
)
order by store_id, repair_order_no
