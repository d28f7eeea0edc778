{#- Appends the hits of the new batches only: a landed row is judged once. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

with

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

final as (

    select
        row_rules.rule_id,
        broken_rows.table_name,
        broken_rows.batch_id,
        broken_rows.source_file,
        broken_rows.row_number,
        broken_rows.store_id,
        coalesce(
            broken_rows.row_key,
            {{ key(['broken_rows.batch_id', 'broken_rows.row_number']) }}
        ) as row_key
    from broken_rows
    inner join row_rules
        on
            broken_rows.table_name = row_rules.table_name
            and {{ dbt.position('row_rules.marker', 'broken_rows.flag_rule_ids') }} > 0

)

select * from final
