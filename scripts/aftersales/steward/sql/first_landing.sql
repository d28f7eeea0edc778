with corrected as (
    select distinct system, table_name, corrected_batch_id as batch_id
    from quality.dq_corrections
    where corrected_batch_id is not null
)

select
    landings.system,
    strftime(batches.extract_on, '%Y-%m') as month,
    cast(sum(landings.rows_landed) as bigint) as rows_landed,
    sum(landings.rows_passed) / nullif(sum(landings.rows_landed), 0) as pass_share
from quality.dq_store_landings as landings
anti join corrected using (system, table_name, batch_id)
inner join landing.batches as batches using (system, table_name, batch_id)
group by all
order by landings.system, month
