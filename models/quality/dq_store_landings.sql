{#- Appends the counts of the new batches only: a landed batch never changes. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

with

row_counts as (

    {{ staging_row_counts() }}

),

final as (

    select
        system,
        table_name,
        batch_id,
        store_id,
        cast(row_count as {{ dbt.type_int() }}) as rows_landed,
        cast(rows_passed as {{ dbt.type_int() }}) as rows_passed,
        cast(
            row_count - rows_passed - rows_quarantined as {{ dbt.type_int() }}
        ) as rows_flagged,
        cast(rows_quarantined as {{ dbt.type_int() }}) as rows_quarantined
    from row_counts

)

select * from final
