{#- Appends the hits of the new batches only: a landed row is judged once. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

with

batches as (

    select * from {{ source('control', 'batches') }}

),

dq_rules as (

    select * from {{ ref('dq_rules') }}

),

broken_rows as (

    {{ broken_staging_rows() }}

),

row_rules as (

    select
        dq_rules.rule_id,
        dq_rules.table_name,
        '|' || dq_rules.rule_id || '|' as marker
    from dq_rules
    where dq_rules.rule_kind = 'row'

),

new_broken_rows as (

    select
        broken_rows.table_name,
        broken_rows.batch_id,
        broken_rows.source_file,
        broken_rows.row_number,
        broken_rows.store_id,
        broken_rows.row_key,
        broken_rows.flag_rule_ids
    from broken_rows
    inner join batches
        on
            broken_rows.system = batches.system
            and broken_rows.source_table_name = batches.table_name
            and broken_rows.batch_id = batches.batch_id
    where batches.is_new

),

final as (

    select
        row_rules.rule_id,
        new_broken_rows.table_name,
        new_broken_rows.batch_id,
        new_broken_rows.source_file,
        new_broken_rows.row_number,
        new_broken_rows.store_id,
        coalesce(
            new_broken_rows.row_key,
            {{ key(['new_broken_rows.batch_id', 'new_broken_rows.row_number']) }}
        ) as row_key
    from new_broken_rows
    inner join row_rules
        on
            new_broken_rows.table_name = row_rules.table_name
            and {{ dbt.position('row_rules.marker', 'new_broken_rows.flag_rule_ids') }} > 0

)

select * from final
