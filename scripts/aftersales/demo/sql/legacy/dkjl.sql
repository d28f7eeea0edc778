-- 打卡记录
select
    clock_event_id as dkbh, technician_id as jsbh, mdbh_of(store_id) as mdbh,
    code_of(clock_kind, ['shift', 'job'], ['1', '2']) as dklx, repair_order_no as gdh,
    text_of(clocked_on_at) as sbsj, text_of(clocked_off_at) as xbsj, _sort, _sort_2, _copy
from legacy_clock_events
