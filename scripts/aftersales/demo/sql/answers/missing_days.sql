insert into planted_defect
select
    missing.defect_kind, missing.system, missing.table_name, $extract,
    store_number(missing.store_no) || ':' || day_of(missing.day_no),
    store_number(missing.store_no), null, null
from (
    select 'store_day_missing' as defect_kind, 'dms' as system, 'repair_orders' as table_name, *
    from missing_day
    union all
    select 'stock_day_missing', 'parts', 'stock', *
    from missing_stock_day
) as missing
where missing.day_no >= $from_day and known(missing.day_no * 86400)
