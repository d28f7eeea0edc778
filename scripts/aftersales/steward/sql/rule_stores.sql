select
    failing.rule_id,
    failing.store_id,
    stores.store_name,
    count(*) as row_count
from quality.dq_failing_rows as failing
left join marts.dim_store as stores on failing.store_id = stores.store_key
where failing.store_id is not null
group by all
order by failing.rule_id, row_count desc, failing.store_id
