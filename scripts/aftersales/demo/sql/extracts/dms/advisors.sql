select
    advisor.advisor_id, store_number(advisor.store_no) as store_id,
    person_name(seeded('advisor', advisor.advisor_no)) as advisor_name, advisor.hired_on,
    null::date as left_on, advisor.hired_on::timestamp as updated_at,
    advisor.advisor_no as _sort, 0 as _sort_2, seeded('advisor', advisor.advisor_no) as _k,
    store_number(advisor.store_no) as _store_id, advisor.advisor_id as _key
from advisor
where known((advisor.hired_on - date '2022-01-01') * 86400)
