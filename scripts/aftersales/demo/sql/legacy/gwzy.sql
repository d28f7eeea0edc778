-- 工位占用
select
    occupancy_id as zybh, bay_id as gwbh, mdbh_of(store_id) as mdbh, repair_order_no as gdh,
    code_of(occupancy_kind, ['productive', 'blocked'], ['1', '2']) as zylx,
    text_of(started_at) as kssj, text_of(finished_at) as jssj, _sort, _sort_2, _copy
from legacy_bay_occupancy
