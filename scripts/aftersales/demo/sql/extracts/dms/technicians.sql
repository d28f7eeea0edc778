select
    technician.technician_id, store_number(technician.store_no) as store_id,
    person_name(technician.k) as technician_name, skill.skill_level,
    day_of(technician.hired_day) as hired_on,
    case when known(technician.left_day * 86400) then day_of(technician.left_day) end as left_on,
    at_utc(
        case when known(technician.left_day * 86400) then technician.left_day else technician.hired_day end
        * 86400 + 32400
    ) as updated_at,
    technician.technician_no as _sort, 0 as _sort_2, technician.k as _k,
    store_number(technician.store_no) as _store_id, technician.technician_id as _key
from technician
inner join skill on technician.skill_no = skill.skill_no
where known(technician.hired_day * 86400)
