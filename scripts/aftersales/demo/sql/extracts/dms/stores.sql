select
    store_id, store_name, region_name, city_name, brand_name, store_class, opened_on,
    'Asia/Shanghai' as time_zone, 8 as opens_hour, 18 as closes_hour,
    opened_on::timestamp as updated_at,
    store_no as _sort, 0 as _sort_2, k as _k, store_id as _store_id, store_id as _key
from store
where known((opened_on - date '2022-01-01') * 86400)
