{{ config(materialized='ephemeral') }}

{#- Staging is named where it is read: DuckDB keeps a whole copy of a CTE that is read twice. -#}

{#- Domain, raw table, staging model, natural key, first and last moment of a row, and whether the
    fact of the domain looks up the order that a row names. -#}
{%- set records = [
    ('bays', 'dms.bay_occupancy', 'stg_dms__bay_occupancy', ['store_id', 'occupancy_id'],
        'started_at', 'coalesce(finished_at, started_at)', false),
    ('technicians', 'dms.clock_events', 'stg_dms__clock_events', ['store_id', 'clock_event_id'],
        'clocked_on_at', 'coalesce(clocked_off_at, clocked_on_at)', false),
    ('appointments', 'dms.appointments', 'stg_dms__appointments', ['store_id', 'appointment_id'],
        'due_at', 'due_at', true),
    ('surveys', 'crm.surveys', 'stg_crm__surveys', ['survey_id'],
        'coalesce(responded_at, sent_at)', 'coalesce(responded_at, sent_at)', true),
    ('complaints', 'crm.complaints', 'stg_crm__complaints', ['complaint_id'],
        'opened_at', 'opened_at', true),
] -%}

with

new_batches as (
    select * from {{ ref('int_new_batches') }}
),

changed_masters as (
    select * from {{ ref('int_changed_masters') }}
),

newly_deleted as (
    select deleted_keys.*
    from {{ ref('int_deleted_keys') }} as deleted_keys
    inner join new_batches
        on
            deleted_keys.table_name = new_batches.table_name
            and deleted_keys.deleted_in_batch_id = new_batches.batch_id
),

superseded_rows as (
    select * from {{ ref('int_superseded_rows') }}
),

touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),
{% for domain, table_name, model, natural_key, first_at, last_at, names_order in records %}
    new_{{ domain }} as (
        select
            {{ key(natural_key) }} as row_key,
            store_id,
            {{ first_at }} as first_at,
            {{ last_at }} as last_at
        from {{ ref(model) }}
        where
            quarantine_rule_id is null
            and _batch_id in (
                select new_batches.batch_id
                from new_batches
                where new_batches.table_name = '{{ table_name }}'
            )
    ),

    touched_keys_{{ domain }} as (
        select row_key from new_{{ domain }}

        union distinct

        select row_key
        from newly_deleted
        where table_name = '{{ table_name }}'
    ),

    touched_{{ domain }} as (
        select
            '{{ domain }}' as domain_name,
            store_id,
            first_at,
            last_at
        from new_{{ domain }}

        union all

        -- What the new rows replaced and what the source gave up: finding it again by its key would
        -- scan every key.
        select
            '{{ domain }}' as domain_name,
            staged.store_id,
            {{ first_at }} as first_at,
            {{ last_at }} as last_at
        from {{ ref(model) }} as staged
        inner join superseded_rows
            on
                staged._batch_id = superseded_rows._batch_id
                and staged._row_number = superseded_rows._row_number
        where
            superseded_rows.table_name = '{{ table_name }}'
            and superseded_rows.row_key in (
                select touched_keys_{{ domain }}.row_key from touched_keys_{{ domain }}
            )

        union all

        select
            '{{ domain }}' as domain_name,
            store_id,
            {{ first_at }} as first_at,
            {{ last_at }} as last_at
        from {{ ref(model) }}
        where
            quarantine_rule_id is null
            and store_id in (
                select changed_masters.record_id
                from changed_masters
                where changed_masters.master_kind = 'store'
            )
        {%- if domain == 'bays' %}

            union all

            select
                '{{ domain }}' as domain_name,
                store_id,
                {{ first_at }} as first_at,
                {{ last_at }} as last_at
            from {{ ref(model) }}
            where
                quarantine_rule_id is null
                and bay_id in (
                    select changed_masters.record_id
                    from changed_masters
                    where changed_masters.master_kind = 'bay'
                )
        {%- endif %}
        {%- if names_order %}

            union all

            select
                '{{ domain }}' as domain_name,
                staged.store_id,
                {{ first_at }} as first_at,
                {{ last_at }} as last_at
            from {{ ref(model) }} as staged
            inner join touched_orders
                on
                    staged.store_id = touched_orders.store_id
                    and staged.repair_order_no = touched_orders.repair_order_no
            where staged.quarantine_rule_id is null
        {%- endif %}
    ),
{% endfor %}
final as (
    {%- for domain, table_name, model, natural_key, first_at, last_at, names_order in records %}
        select * from touched_{{ domain }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
)

select * from final
