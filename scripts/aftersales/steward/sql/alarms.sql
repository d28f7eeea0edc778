-- What was not usual for a store, the newest first.
select
    normals.rule_code,
    rules.title_zh,
    rules.title_en,
    normals.store_key,
    coalesce(stores.store_name, normals.store_key) as store_name,
    normals.table_name,
    normals.column_name,
    normals.business_on,
    normals.observed_value,
    normals.expected_value,
    normals.strength,
    normals.is_special_day,
    rules.owner,
    count(*) over () as alarm_count
from quality.dq_learned_normals as normals
inner join reference.normal_rules as rules on normals.rule_code = rules.rule_code
left join marts.dim_store as stores on normals.store_key = stores.store_key
where normals.is_alarm
order by normals.business_on desc, abs(normals.strength) desc, normals.normal_key
limit $limit
