-- 客户档案
select
    customer_id as khbh, mdbh_of(store_id) as mdbh, customer_name as khmc, phone as lxdh,
    code_of(customer_kind, ['person', 'company'], ['个', '单']) as khlx,
    text_of(created_at) as cjsj, text_of(updated_at) as gxsj, _sort, _sort_2, _copy
from legacy_customers
