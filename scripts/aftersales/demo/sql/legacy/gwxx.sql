-- 工位信息
select
    bay_id as gwbh, mdbh_of(store_id) as mdbh,
    code_of(bay_type, ['mechanical', 'body', 'quick_service'], ['1', '2', '3']) as gwlx,
    strftime(installed_on, '%d.%m.%Y') as azrq, strftime(retired_on, '%d.%m.%Y') as tyrq,
    text_of(updated_at) as gxsj, _sort, _sort_2, _copy
from legacy_bays
