select
    'Q' || (w_part.order_no::bigint * 8 + line_index) as part_line_id,
    w_part.repair_order_no, w_part.store_id, main_item.service_item_code, part.part_no, pay_type,
    quantity::decimal(10, 2) as quantity, yuan(unit_price_c) as unit_price_amount,
    yuan(amount_c) as part_amount, yuan(discount_c) as discount_amount, yuan(cost_c) as cost_amount,
    fill_status, at_utc(created_s) as created_at,
    w_part.order_no as _sort, line_index as _sort_2, line_k as _k, w_part.store_id as _store_id,
    w_part.store_id || ':Q' || (w_part.order_no::bigint * 8 + line_index) as _key
from w_part
inner join part on w_part.part_index = part.part_index
inner join service_item as main_item
    on
        w_part.group_name = main_item.group_name
        and case when w_part.group_name = 'repair' then w_part.fault_no else 0 end = main_item.fault_no
        and main_item.group_rank = w_part.line_index % main_item.group_size
where in_window(created_s) and not is_suppressed
