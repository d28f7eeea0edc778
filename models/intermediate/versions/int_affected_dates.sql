{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{ config(schema='landing') }}

{#- Staging is named where it is read: DuckDB keeps a whole copy of a CTE that is read twice. -#}

{%- set domains = [
    'orders', 'comebacks', 'bays', 'technicians', 'appointments', 'surveys', 'complaints', 'parts',
] -%}

with

run_context as (
    select * from {{ source('control', 'run_context') }}
),

batches as (
    select * from {{ source('control', 'batches') }}
),

new_batches as (
    select * from {{ ref('int_new_batches') }}
),

changed_masters as (
    select * from {{ ref('int_changed_masters') }}
),

touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

touched_records as (
    select * from {{ ref('int_touched_records') }}
),

days as (
    select * from {{ ref('int_days') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

store_landings as (
    select * from {{ ref('dq_store_landings') }}
),

orders as (
    select * from {{ ref('stg_dms__repair_orders') }}
),

bays as (
    select * from {{ ref('stg_dms__bays') }}
),

stock as (
    select * from {{ ref('stg_parts__stock') }}
),

limits as (
    select cast({{ threshold('comeback_window_days') }} as {{ dbt.type_int() }}) as window_days
),

settled as (
    select max(extract_on) as last_on
    from batches
    where not is_new
),

-- Days to recompute in every domain: all of them on a full build and when a store moved to another
-- clock or other hours; else those that no earlier version stood for, where rows dated ahead of
-- their extract become due.
open_days as (
    select days.date_on
    from days
    cross join run_context
    cross join settled
    where
        run_context.is_full_build
        or days.date_on > settled.last_on
        or exists (
            select changed_masters.record_id
            from changed_masters
            where changed_masters.master_kind = 'store' and not changed_masters.is_first_seen
        )
),

-- Every version of a touched order: the days it stands on now and those it stood on before.
order_days as (
    select distinct
        orders.store_id,
        {{ local_date('orders.opened_at', 'opening_offsets.utc_offset_minutes') }} as opened_on,
        {{ local_date('orders.closed_at', 'closing_offsets.utc_offset_minutes') }} as closed_on
    from orders
    inner join touched_orders
        on
            orders.store_id = touched_orders.store_id
            and orders.repair_order_no = touched_orders.repair_order_no
    inner join store_offsets as opening_offsets
        on
            orders.store_id = opening_offsets.store_key
            and orders.opened_at >= opening_offsets.valid_from_at
            and orders.opened_at < opening_offsets.valid_to_at
    left join store_offsets as closing_offsets
        on
            orders.store_id = closing_offsets.store_key
            and orders.closed_at >= closing_offsets.valid_from_at
            and orders.closed_at < closing_offsets.valid_to_at
    where orders.quarantine_rule_id is null
),

record_days as (
    select distinct
        touched_records.domain_name,
        touched_records.store_id,
        {{ local_date('touched_records.first_at', 'store_offsets.utc_offset_minutes') }}
            as first_on,
        {{ local_date('touched_records.last_at', 'store_offsets.utc_offset_minutes') }} as last_on
    from touched_records
    inner join store_offsets
        on
            touched_records.store_id = store_offsets.store_key
            and touched_records.first_at >= store_offsets.valid_from_at
            and touched_records.first_at < store_offsets.valid_to_at
),

-- Stores whose bays nobody had recorded until now: on all days before, what stood in them was
-- unknown and is now nothing.
newly_recorded as (
    select store_landings.store_id
    from store_landings
    inner join batches
        on
            store_landings.system = batches.system
            and store_landings.table_name = batches.table_name
            and store_landings.batch_id = batches.batch_id
    where
        store_landings.system = 'dms'
        and store_landings.table_name = 'bay_occupancy'
        and store_landings.rows_landed > store_landings.rows_quarantined
    group by store_landings.store_id
    having min(case when batches.is_new then 1 else 0 end) = 1
),

-- A row of another table decides whether a bay or a technician was there that day. Without a store
-- the day of every store is meant: a vehicle may come back to another one.
spans as (
    {%- for domain in domains %}
        select
            '{{ domain }}' as domain_name,
            cast(null as {{ dbt.type_string() }}) as store_key,
            date_on as first_on,
            date_on as last_on
        from open_days

        union all
    {% endfor %}
    {%- for domain in ['orders', 'technicians', 'bays'] %}
        select
            '{{ domain }}' as domain_name,
            store_id as store_key,
            opened_on as first_on,
            opened_on as last_on
        from order_days

        union all
    {% endfor %}
    {%- for day_column in ['opened_on', 'closed_on'] %}
        select
            'comebacks' as domain_name,
            cast(null as {{ dbt.type_string() }}) as store_key,
            {{ add_days('order_days.' ~ day_column, '-limits.window_days') }} as first_on,
            order_days.{{ day_column }} as last_on
        from order_days
        cross join limits

        union all
    {% endfor %}
    select
        domain_name,
        store_id as store_key,
        first_on,
        last_on
    from record_days

    union all

    select
        'bays' as domain_name,
        store_id as store_key,
        first_on,
        last_on
    from record_days
    where domain_name = 'technicians'

    union all

    select
        'bays' as domain_name,
        cast(null as {{ dbt.type_string() }}) as store_key,
        min(bays.installed_on) as first_on,
        max(days.date_on) as last_on
    from bays
    inner join changed_masters
        on bays.bay_id = changed_masters.record_id and changed_masters.master_kind = 'bay'
    cross join days

    union all

    select
        'bays' as domain_name,
        newly_recorded.store_id as store_key,
        min(days.date_on) as first_on,
        max(days.date_on) as last_on
    from newly_recorded
    cross join days
    group by newly_recorded.store_id

    union all

    select
        'parts' as domain_name,
        store_id as store_key,
        stock_on as first_on,
        stock_on as last_on
    from stock
    where
        quarantine_rule_id is null
        and _batch_id in (
            select new_batches.batch_id
            from new_batches
            where new_batches.table_name = 'parts.stock'
        )
),

final as (
    select distinct
        spans.domain_name,
        spans.store_key,
        days.date_on as business_on
    from spans
    inner join days
        on spans.first_on <= days.date_on and spans.last_on >= days.date_on
)

select * from final
