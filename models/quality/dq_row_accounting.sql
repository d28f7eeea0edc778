{#- Appends the accounts of the new batches only: a landed batch never changes. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

{%- set tables = staging_tables() %}

with

batches as (

    select * from {{ source('control', 'batches') }}

),
{% for table in tables %}
{{ table.system }}__{{ table.name }} as (

    select
        '{{ table.system }}' as system,
        '{{ table.name }}' as table_name,
        _batch_id as batch_id,
        sum(case when quarantine_rule_id is null then 1 else 0 end) as rows_clean,
        sum(case when quarantine_rule_id is null then 0 else 1 end) as rows_quarantined
    from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}
    where _batch_id in (
        select batches.batch_id
        from batches
        where
            batches.system = '{{ table.system }}'
            and batches.table_name = '{{ table.name }}'
            and batches.is_new
    )
    group by _batch_id

),
{% endfor %}
counted_rows as (
    {% for table in tables %}
    select * from {{ table.system }}__{{ table.name }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

final as (

    select
        batches.system,
        batches.table_name,
        batches.batch_id,
        cast(batches.rows_landed as {{ dbt.type_int() }}) as rows_landed,
        cast(coalesce(counted_rows.rows_clean, 0) as {{ dbt.type_int() }}) as rows_clean,
        cast(
            coalesce(counted_rows.rows_quarantined, 0) as {{ dbt.type_int() }}
        ) as rows_quarantined
    from batches
    left join counted_rows
        on
            batches.system = counted_rows.system
            and batches.table_name = counted_rows.table_name
            and batches.batch_id = counted_rows.batch_id
    where batches.is_new

)

select * from final
