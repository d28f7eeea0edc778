-- Proves that staging loses no row: for each table and batch the rows counted when the batch
-- landed are the clean and the quarantined rows of staging together.
-- Business reason: a total that silently misses rows looks like a bad month.
-- Not a judgement of the rows: what is quarantined is explained by the row rules.
with

accounting as (

    select * from {{ ref('dq_row_accounting') }}

)

select
    accounting.system,
    accounting.table_name,
    accounting.batch_id,
    accounting.rows_landed,
    accounting.rows_clean,
    accounting.rows_quarantined
from accounting
where accounting.rows_landed <> accounting.rows_clean + accounting.rows_quarantined
