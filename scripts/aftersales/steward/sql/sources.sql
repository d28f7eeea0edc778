-- A batch of corrections stands beside the batch it corrects: its rows landed before.
with corrected as (
    select distinct system, table_name, corrected_batch_id as batch_id
    from quality.dq_corrections
    where corrected_batch_id is not null
),

-- Two systems that feed the same tables, such as two DMS, are told apart by where a batch came from:
-- the name of its connector, or that of the system whose files are handed out.
origins as (
    select system, table_name, batch_id, rows_rejected,
        split_part(source_file, '/', 1) as source_name
    from landing.batches anti join corrected using (system, table_name, batch_id)
),

accounts as (
    select source_name, table_name, sum(rows_landed) as rows_landed, sum(rows_clean) as rows_clean,
        sum(rows_quarantined) as rows_quarantined, sum(rows_repaired) as rows_repaired
    from quality.dq_row_accounting inner join origins using (system, table_name, batch_id)
    group by all
),

landings as (
    select source_name, table_name, sum(rows_passed) as rows_passed
    from quality.dq_store_landings inner join origins using (system, table_name, batch_id)
    group by all
),

rejects as (
    select source_name, table_name, sum(rows_rejected) as rows_rejected
    from origins
    group by all
)

select
    accounts.source_name as system,
    -- The total of a source stands first.
    accounts.table_name,
    cast(sum(rows_landed) as bigint) as rows_landed,
    cast(sum(rows_clean) as bigint) as rows_clean,
    cast(sum(rows_quarantined) as bigint) as rows_quarantined,
    cast(sum(rows_repaired) as bigint) as rows_repaired,
    cast(sum(coalesce(rows_rejected, 0)) as bigint) as rows_rejected,
    sum(rows_passed) / nullif(sum(rows_landed), 0) as pass_share
from accounts
left join landings using (source_name, table_name)
left join rejects using (source_name, table_name)
group by grouping sets ((accounts.source_name), (accounts.source_name, accounts.table_name))
order by accounts.source_name, accounts.table_name nulls first
