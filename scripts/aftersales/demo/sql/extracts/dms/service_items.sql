select
    service_item_code, service_item_name, service_line, fault_system,
    standard_hours::decimal(8, 2) as standard_hours, timestamp '2022-01-01 00:00:00' as updated_at,
    item_no as _sort, 0 as _sort_2, seeded('item', item_no) as _k,
    null::varchar as _store_id, service_item_code as _key
from service_item
