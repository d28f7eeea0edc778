with corrected as (
    select distinct system, table_name, corrected_batch_id as batch_id
    from quality.dq_corrections
    where corrected_batch_id is not null
),

landings as (
    select store_id, sum(rows_landed) as rows_landed, sum(rows_passed) as rows_passed,
        sum(rows_quarantined) as rows_quarantined
    from quality.dq_store_landings anti join corrected using (system, table_name, batch_id)
    where store_id is not null
    group by all
),

-- Rows, not rules: a repaired row that broke two rules was one.
repaired as (
    select hits.store_id, count(distinct (hits.table_name, hits.batch_id, hits.row_number)) as rows
    from quality.dq_rule_hits as hits
    inner join quality.dq_corrections as corrections
        on
            hits.table_name = 'stg_' || corrections.system || '__' || corrections.table_name
            and hits.batch_id = corrections.batch_id
            and hits.row_number = corrections.row_number
    where corrections.is_repaired and corrections.landed_quarantine_rule_id is not null
    group by all
),

backlog as (
    select store_key, sum(open_row_count) as open_rows, sum(yuan_at_stake) as yuan_at_stake
    from marts.fct_defect_backlog
    group by all
)

select
    landings.store_id,
    stores.store_name,
    stores.region_name,
    cast(landings.rows_landed as bigint) as rows_landed,
    cast(landings.rows_landed - landings.rows_quarantined as bigint) as rows_clean,
    cast(landings.rows_quarantined - coalesce(repaired.rows, 0) as bigint) as rows_quarantined,
    cast(coalesce(repaired.rows, 0) as bigint) as rows_repaired,
    landings.rows_passed / nullif(landings.rows_landed, 0) as pass_share,
    cast(coalesce(backlog.open_rows, 0) as bigint) as open_rows,
    backlog.yuan_at_stake
from landings
left join marts.dim_store as stores on landings.store_id = stores.store_key
left join repaired on landings.store_id = repaired.store_id
left join backlog on landings.store_id = backlog.store_key
where $store is null or landings.store_id = $store
order by stores.store_key is null, backlog.yuan_at_stake desc nulls last, landings.store_id
