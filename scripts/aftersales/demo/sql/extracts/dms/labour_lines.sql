select
    'L' || (w_labour.order_no::bigint * 4 + line_index) as labour_line_id,
    w_labour.repair_order_no, w_labour.store_id, technician.technician_id,
    service_item.service_item_code, pay_type, hours_sold::decimal(8, 2) as hours_sold,
    yuan(amount_c) as labour_amount, yuan(discount_c) as discount_amount, yuan(cost_c) as cost_amount,
    at_utc(created_s) as created_at,
    w_labour.order_no as _sort, line_index as _sort_2, line_k as _k, w_labour.store_id as _store_id,
    w_labour.store_id || ':L' || (w_labour.order_no::bigint * 4 + line_index) as _key
from w_labour
inner join technician on w_labour.technician_no = technician.technician_no
inner join service_item on w_labour.item_no = service_item.item_no
where in_window(created_s)
