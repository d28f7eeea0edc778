{#- Appends the counts of the new batches only: a landed batch never changes. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

with

counted as (

    {{ column_value_counts() }}

),

final as (
    select
        system,
        table_name,
        column_name,
        batch_id,
        store_id,
        cast(value_count as {{ dbt.type_int() }}) as value_count
    from counted
)

select * from final
