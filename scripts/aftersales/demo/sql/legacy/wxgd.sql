-- 维修工单: a number is unique in its store only
select
    repair_order_no as gdh, mdbh_of(store_id) as mdbh, vehicle_id as clbh, customer_id as khbh,
    advisor_id as fwgw, appointment_id as yybh,
    code_of(channel, ['appointment', 'walk_in'], ['约', '散']) as lyfs,
    code_of(
        order_type, ['maintenance', 'repair', 'body', 'accessories', 'recall', 'pdi'],
        ['1', '2', '3', '4', '5', '6']
    ) as gdlx,
    code_of(
        fault_system,
        ['engine', 'brake', 'electrical', 'transmission', 'chassis', 'hvac', 'body'],
        ['FDJ', 'ZD', 'DQ', 'BSX', 'DP', 'KT', 'CS']
    ) as gzxt,
    code_of(pay_type, ['customer', 'warranty', 'insurance', 'internal'], ['客', '保', '险', '内']) as fkf,
    package_code as tcbm, text_of(arrived_at) as dcsj, text_of(opened_at) as jdsj,
    text_of(promised_at) as yjsj, text_of(closed_at) as jssj,
    code_of(status, ['open', 'closed', 'cancelled'], ['1', '2', '9']) as zt, odometer_km as lc,
    wan(labour_amount) as gsje, wan(part_amount) as pjje, wan(discount_amount) as yhje,
    wan(total_amount) as zje,
    code_of(entry_channel, ['tablet', 'desktop', 'paper'], ['平', '电', '纸']) as lrfs,
    text_of(created_at) as cjsj, text_of(updated_at) as gxsj, _sort, _sort_2, _copy
from legacy_repair_orders
