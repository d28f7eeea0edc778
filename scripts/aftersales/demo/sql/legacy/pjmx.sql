-- 配件明细
select
    part_line_id as mxbh, repair_order_no as gdh, mdbh_of(store_id) as mdbh,
    service_item_code as xmbm, part_no as pjbm,
    code_of(pay_type, ['customer', 'warranty', 'insurance', 'internal'], ['客', '保', '险', '内']) as fkf,
    quantity as sl, wan(unit_price_amount) as dj, wan(part_amount) as pjje,
    wan(discount_amount) as yhje, wan(cost_amount) as cbje,
    code_of(fill_status, ['shelf', 'emergency', 'lost'], ['现', '急', '缺']) as ghzt,
    text_of(created_at) as lrsj, _sort, _sort_2, _copy
from legacy_part_lines
