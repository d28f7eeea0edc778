{#- Appends the hits of the new batches only: the judgement of a row never changes once it has landed. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

{%- set tables = staging_tables() %}

with

batches as (

    select * from {{ source('control', 'batches') }}

),

dq_rules as (

    select * from {{ ref('dq_rules') }}

),
{% for table in tables %}
{{ table.system }}__{{ table.name }} as (

    select
        'stg_{{ table.system }}__{{ table.name }}' as table_name,
        '{{ table.system }}' as system,
        '{{ table.name }}' as source_table_name,
        _batch_id as batch_id,
        _source_file as source_file,
        _row_number as row_number,
        {% if table.store %}{{ table.store }}{% else %}cast(null as {{ dbt.type_string() }}){% endif %} as store_id,
        {{ key(table.key) }} as row_key,
        flag_rule_ids
    from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}
    where flag_rule_ids <> ''

),
{% endfor %}
broken_rows as (
    {% for table in tables %}
    select * from {{ table.system }}__{{ table.name }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

new_broken_rows as (

    select broken_rows.*
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
        dq_rules.rule_id,
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
    inner join dq_rules
        on
            new_broken_rows.table_name = dq_rules.table_name
            and {{ dbt.position("'|' || dq_rules.rule_id || '|'", 'new_broken_rows.flag_rule_ids') }} > 0
    where dq_rules.rule_kind = 'row'

)

select * from final
