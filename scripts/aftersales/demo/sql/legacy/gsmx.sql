-- 工时明细
select
    labour_line_id as mxbh, repair_order_no as gdh, mdbh_of(store_id) as mdbh,
    technician_id as jsbh, service_item_code as xmbm,
    code_of(pay_type, ['customer', 'warranty', 'insurance', 'internal'], ['客', '保', '险', '内']) as fkf,
    minutes(hours_sold) as gsfz, wan(labour_amount) as gsje, wan(discount_amount) as yhje,
    wan(cost_amount) as cbje, text_of(created_at) as lrsj, _sort, _sort_2, _copy
from legacy_labour_lines
