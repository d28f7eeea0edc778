-- 预约单
select
    appointment_id as yybh, mdbh_of(store_id) as mdbh, vehicle_id as clbh, customer_id as khbh,
    code_of(channel, ['app', 'phone', 'wechat', 'counter'], ['1', '2', '3', '4']) as yyfs,
    text_of(booked_at) as djsj, strftime(local_of(due_at), '%Y%m%d') as ydrq,
    strftime(local_of(due_at), '%H%M%S') as ydsj, text_of(cancelled_at) as qxsj,
    repair_order_no as gdh, text_of(updated_at) as gxsj, _sort, _sort_2, _copy
from legacy_appointments
