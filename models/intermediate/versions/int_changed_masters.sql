{{ config(materialized='ephemeral') }}

{#- What facts take from master data that changes slowly: kind, raw table, staging model, key,
    columns. -#}
{%- set masters = [
    ('store', 'dms.stores', 'stg_dms__stores', 'store_id',
        ['time_zone', 'opens_hour', 'closes_hour']),
    ('bay', 'dms.bays', 'stg_dms__bays', 'bay_id',
        ['store_id', 'installed_on', 'retired_on']),
    ('service_item', 'dms.service_items', 'stg_dms__service_items', 'service_item_code',
        ['service_line']),
] -%}

with

new_batches as (
    select * from {{ ref('int_new_batches') }}
),
{% for kind, table_name, model, key_column, columns in masters %}
    {{ model }} as (
        select * from {{ ref(model) }}
    ),
{% endfor %}
{%- for kind, table_name, model, key_column, columns in masters %}
    {{ kind }}_rows as (
        select
            {{ key_column }} as record_id,
            {%- for column_name in columns %}
                {{ column_name }} as value_{{ loop.index }},
            {%- endfor %}
            _batch_id in (
                select new_batches.batch_id
                from new_batches
                where new_batches.table_name = '{{ table_name }}'
            ) as is_new,
            _batch_id,
            _row_number
        from {{ model }}
        where quarantine_rule_id is null
    ),

    {{ kind }}_states as (
        select
            *,
            {{ version_rank(['record_id', 'is_new']) }} as version_rank
        from {{ kind }}_rows
    ),

    {{ kind }}_changes as (
        select
            '{{ kind }}' as master_kind,
            newest.record_id,
            settled.record_id is null as is_first_seen
        from {{ kind }}_states as newest
        left join {{ kind }}_states as settled
            on
                newest.record_id = settled.record_id
                and not settled.is_new
                and settled.version_rank = 1
        where
            newest.is_new
            and newest.version_rank = 1
            and (
                settled.record_id is null
                {%- for column_name in columns %}
                    or settled.value_{{ loop.index }} is distinct from newest.value_{{ loop.index }}
                {%- endfor %}
            )
    ),
{% endfor %}
final as (
    {%- for kind, table_name, model, key_column, columns in masters %}
        select
            master_kind,
            record_id,
            is_first_seen
        from {{ kind }}_changes
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
)

select * from final
