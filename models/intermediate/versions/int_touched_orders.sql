{{ config(materialized='ephemeral') }}

{#- Staging is named where it is read: DuckDB keeps a whole copy of a CTE that is read twice. -#}

{#- Raw table, staging model and natural key of everything that belongs to an order. -#}
{%- set order_parts = [
    ('dms.repair_orders', 'stg_dms__repair_orders', ['store_id', 'repair_order_no']),
    ('dms.labour_lines', 'stg_dms__labour_lines', ['store_id', 'labour_line_id']),
    ('dms.part_lines', 'stg_dms__part_lines', ['store_id', 'part_line_id']),
    ('dms.ro_status_events', 'stg_dms__ro_status_events', ['store_id', 'event_id']),
] -%}

with

new_batches as (
    select * from {{ ref('int_new_batches') }}
),

changed_masters as (
    select * from {{ ref('int_changed_masters') }}
),

superseded_rows as (
    select * from {{ ref('int_superseded_rows') }}
),

batches as (
    select * from {{ source('control', 'batches') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

new_rows as (
    {%- for table_name, model, natural_key in order_parts %}
        select
            '{{ table_name }}' as table_name,
            {{ key(natural_key) }} as row_key,
            store_id,
            repair_order_no
        from {{ ref(model) }}
        where
            quarantine_rule_id is null
            and _batch_id in (
                select new_batches.batch_id
                from new_batches
                where new_batches.table_name = '{{ table_name }}'
            )
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

touched_keys as (
    select
        table_name,
        row_key
    from new_rows

    union distinct

    select
        deleted_keys.table_name,
        deleted_keys.row_key
    from {{ ref('int_deleted_keys') }} as deleted_keys
    inner join new_batches
        on
            deleted_keys.table_name = new_batches.table_name
            and deleted_keys.deleted_in_batch_id = new_batches.batch_id
),

settled as (
    select max(extract_on) as last_on
    from batches
    where not is_new
),

-- Orders dated ahead of what an earlier version stood for are not new, but only now become due. No
-- clock is more than a day ahead of UTC.
recent_orders as (
    select
        orders.store_id,
        orders.repair_order_no,
        {{ local_date('orders.opened_at', 'store_offsets.utc_offset_minutes') }} as opened_on,
        {{ local_date('orders.closed_at', 'store_offsets.utc_offset_minutes') }} as closed_on,
        settled.last_on
    from {{ ref('stg_dms__repair_orders') }} as orders
    cross join settled
    inner join store_offsets
        on
            orders.store_id = store_offsets.store_key
            and coalesce(orders.closed_at, orders.opened_at) >= store_offsets.valid_from_at
            and coalesce(orders.closed_at, orders.opened_at) < store_offsets.valid_to_at
    where
        orders.quarantine_rule_id is null
        and (orders.opened_at >= settled.last_on or orders.closed_at >= settled.last_on)
),

final as (
    select
        store_id,
        repair_order_no
    from new_rows

    union distinct

    -- A line that moved to another order touches the order it left, too; so does a line, or the
    -- order itself, that the source gave up.
    select
        superseded_rows.store_id,
        superseded_rows.repair_order_no
    from superseded_rows
    inner join touched_keys
        on
            superseded_rows.table_name = touched_keys.table_name
            and superseded_rows.row_key = touched_keys.row_key

    union distinct

    select
        store_id,
        repair_order_no
    from recent_orders
    where opened_on > last_on or closed_on > last_on

    union distinct

    select
        store_id,
        repair_order_no
    from {{ ref('stg_dms__repair_orders') }}
    where
        store_id in (
            select changed_masters.record_id
            from changed_masters
            where changed_masters.master_kind = 'store'
        )
    {%- for model in ['stg_dms__labour_lines', 'stg_dms__part_lines'] %}

        union distinct

        select
            store_id,
            repair_order_no
        from {{ ref(model) }}
        where
            service_item_code in (
                select changed_masters.record_id
                from changed_masters
                where changed_masters.master_kind = 'service_item'
            )
    {%- endfor %}
)

select * from final
