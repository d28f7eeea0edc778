select
    bay.bay_id, store_number(bay.store_no) as store_id, bay.bay_type, bay.installed_on,
    null::date as retired_on, bay.installed_on::timestamp as updated_at,
    bay.store_no * 100 + bay.bay_index as _sort, 0 as _sort_2,
    seeded('bay', bay.store_no * 100 + bay.bay_index) as _k,
    store_number(bay.store_no) as _store_id, bay.bay_id as _key
from bay
where known((bay.installed_on - date '2022-01-01') * 86400)
