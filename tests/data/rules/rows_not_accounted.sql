{{ config(meta={'rule_id': 'rows_not_accounted'}) }}
-- For each table and batch, the rows that landed are the rows that are clean plus the rows
-- quarantined plus the rows repaired.
-- Nothing may disappear between the file and the warehouse.
-- Not judged: rows that could not be read, which `source_row_rejected` lists.

with

dq_row_accounting as (
    select * from {{ ref('dq_row_accounting') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        cast(null as date) as business_on,
        system || '.' || table_name || ' ' || batch_id as row_key,
        cast(rows_landed as {{ dbt.type_string() }}) || ' landed, '
        || cast(rows_clean as {{ dbt.type_string() }}) || ' clean, '
        || cast(rows_quarantined as {{ dbt.type_string() }}) || ' quarantined, '
        || cast(rows_repaired as {{ dbt.type_string() }}) || ' repaired' as detail
    from dq_row_accounting
    where rows_landed <> rows_clean + rows_quarantined + rows_repaired
)

select * from final
