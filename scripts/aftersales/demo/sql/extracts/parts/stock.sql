select
    store_number(w_stock.store_no) as store_id, part.part_no, day_of(w_stock.day_no) as stock_on,
    w_stock.quantity::decimal(10, 2) as quantity_on_hand,
    yuan(w_stock.quantity * part.unit_cost_cents) as stock_amount,
    w_stock.day_no * 1000 + w_stock.store_no as _sort, w_stock.part_index as _sort_2,
    seeded('stock', (w_stock.store_no * 10000::bigint + w_stock.day_no) * 100 + w_stock.part_index) as _k,
    store_number(w_stock.store_no) as _store_id,
    store_number(w_stock.store_no) || ':' || part.part_no || ':' || day_of(w_stock.day_no) as _key,
    w_stock.day_no > getvariable('start_day')
    and missing_before.day_no is null
    and defect_draw(seeded(
        'stock', (w_stock.store_no * 10000::bigint + w_stock.day_no - 1) * 100 + w_stock.part_index
    )) >= 100000 as _follows_sound_day
from w_stock
inner join part on w_stock.part_index = part.part_index
left join missing_stock_day
    on
        w_stock.store_no = missing_stock_day.store_no
        and w_stock.day_no = missing_stock_day.day_no
left join missing_stock_day as missing_before
    on
        w_stock.store_no = missing_before.store_no
        and w_stock.day_no - 1 = missing_before.day_no
where missing_stock_day.day_no is null and in_window(w_stock.day_no * 86400 + 80000)
