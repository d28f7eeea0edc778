-- 门店信息
select
    mdbh_of(store_id) as mdbh, store_name as mdmc, region_name as dqmc, city_name as csmc,
    brand_name as ppmc, code_of(store_class, ['A', 'B', 'C', 'D'], ['标', '成', '新', '问']) as mddj,
    strftime(opened_on, '%Y%m%d') as kyrq, opens_hour as kmsj, closes_hour as gmsj,
    strftime(local_of(updated_at), '%Y%m%d') as gxrq, strftime(local_of(updated_at), '%H%M%S') as gxsj,
    _sort, _sort_2, _copy
from legacy_stores
