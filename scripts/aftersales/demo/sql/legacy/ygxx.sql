-- 员工信息: technicians and advisors in one table, told apart by gz
select
    technician_id as ygbh, mdbh_of(store_id) as mdbh, '1' as gz, technician_name as xm,
    code_of(skill_level, ['novice', 'junior', 'senior', 'expert'], ['1', '2', '3', '4']) as jndj,
    strftime(hired_on, '%Y%m%d') as rzrq, strftime(left_on, '%Y%m%d') as lzrq,
    text_of(updated_at) as gxsj, _sort, 1 as _sort_2, _copy
from legacy_technicians
union all
select
    advisor_id, mdbh_of(store_id), '2', advisor_name, null, strftime(hired_on, '%Y%m%d'),
    strftime(left_on, '%Y%m%d'), text_of(updated_at), _sort, 2, _copy
from legacy_advisors
