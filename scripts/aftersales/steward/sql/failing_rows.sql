-- The newest rows of each rule first.
with numbered as (
    select
        failing.rule_id,
        failing.table_name,
        failing.batch_id,
        failing.source_file,
        failing.row_number,
        failing.store_id,
        stores.store_name,
        failing.business_on,
        failing.row_key,
        failing.detail,
        row_number() over (
            partition by failing.rule_id
            order by failing.batch_id desc, failing.business_on desc, failing.row_number,
                failing.row_key
        ) as position
    from quality.dq_failing_rows as failing
    left join marts.dim_store as stores on failing.store_id = stores.store_key
    where
        ($rule is null or failing.rule_id = $rule)
        and ($store is null or failing.store_id = $store)
)

select * replace ({masked_key} as row_key, {masked_detail} as detail)
from numbered
where position <= $limit
order by rule_id, position
