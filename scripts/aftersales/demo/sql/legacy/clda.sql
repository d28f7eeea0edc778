-- 车辆档案
select
    vehicle_id as clbh, vin as cjh, plate_no as cph, model_name as cxmc,
    code_of(energy_type, ['ice', 'hybrid', 'bev'], ['油', '混', '电']) as nylx,
    strftime(sold_on, '%Y%m%d') as xsrq, customer_id as khbh, text_of(created_at) as cjsj,
    text_of(updated_at) as gxsj, _sort, _sort_2, _copy
from legacy_vehicles
