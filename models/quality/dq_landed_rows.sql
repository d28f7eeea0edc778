{#- Appends the accounts of the new batches only: a landed batch never changes. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

with

batches as (

    select * from {{ source('control', 'batches') }}

),

store_landings as (

    select * from {{ ref('dq_store_landings') }}

),

row_counts as (

    select
        system,
        table_name,
        batch_id,
        sum(rows_passed + rows_flagged) as rows_clean,
        sum(rows_quarantined) as rows_quarantined
    from store_landings
    group by system, table_name, batch_id

),

final as (

    select
        batches.system,
        batches.table_name,
        batches.batch_id,
        cast(batches.rows_landed as {{ dbt.type_int() }}) as rows_landed,
        cast(coalesce(row_counts.rows_clean, 0) as {{ dbt.type_int() }}) as rows_clean,
        cast(
            coalesce(row_counts.rows_quarantined, 0) as {{ dbt.type_int() }}
        ) as rows_quarantined
    from batches
    left join row_counts
        on
            batches.system = row_counts.system
            and batches.table_name = row_counts.table_name
            and batches.batch_id = row_counts.batch_id
    where batches.is_new

)

select * from final
