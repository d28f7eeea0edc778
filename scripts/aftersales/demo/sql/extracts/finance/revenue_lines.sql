-- What finance books for each closed order: its amounts by account, in the month of its closing.
with booked as (
    select
        *,
        greatest(created_s, closed_s) as booked_s,
        closed_s // 86400 as closed_day
    from w_order
    where not is_cancelled and labour_c + part_c - discount_c <> 0
)

select
    'RV' || order_no as revenue_line_id, store_id, strftime(day_of(closed_day), '%Y-%m') as booked_month,
    repair_order_no, yuan(labour_c) as labour_amount, yuan(part_c) as part_amount,
    yuan(-discount_c) as other_amount, at_utc(booked_s) as updated_at,
    order_no as _sort, 0 as _sort_2, seeded('ledger', order_no) as _k, store_id as _store_id,
    store_id || ':' || repair_order_no as _key,
    -- breaks are planted where the order itself is sound
    defect_draw(k) >= 100000 and not is_late as _order_is_sound,
    strftime(day_of(closed_day) + interval 1 month, '%Y-%m') as _next_month
from booked
where in_window(booked_s)
