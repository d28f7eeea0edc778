{#-
  For each store, whether each table and column that a part needs has delivered anything, and which
  days its batches cover. A source may hold nothing of a store because the store is not connected
  to it, or because nothing happened there; where the second is likely, the need is one of the
  company: see the seed part_needs.
-#}
with

stores as (
    select * from {{ ref('dim_store') }}
),

part_needs as (
    select * from {{ ref('part_needs') }}
    where valid_to is null
),

batches as (
    select * from {{ source('control', 'batches') }}
),

store_landings as (
    select * from {{ ref('dq_store_landings') }}
),

column_landings as (
    select * from {{ ref('dq_column_landings') }}
),

needs as (
    select distinct
        system,
        table_name,
        coalesce(column_name, '') as column_name,
        need_scope
    from part_needs
),

delivered as (
    select
        system,
        table_name,
        '' as column_name,
        batch_id,
        store_id
    from store_landings
    where rows_landed > rows_quarantined

    union all

    select
        system,
        table_name,
        column_name,
        batch_id,
        store_id
    from column_landings
    where value_count > 0
),

dated as (
    select
        delivered.system,
        delivered.table_name,
        delivered.column_name,
        delivered.store_id,
        min(batches.extract_on) as first_batch_on,
        max(batches.extract_on) as last_batch_on
    from delivered
    inner join batches
        on
            delivered.system = batches.system
            and delivered.table_name = batches.table_name
            and delivered.batch_id = batches.batch_id
    group by
        delivered.system, delivered.table_name, delivered.column_name, delivered.store_id
),

final as (
    select
        stores.store_key,
        needs.system,
        needs.table_name,
        needs.column_name,
        needs.need_scope,
        count(dated.first_batch_on) > 0 as is_landed,
        min(dated.first_batch_on) as first_batch_on,
        max(dated.last_batch_on) as last_batch_on
    from stores
    cross join needs
    left join dated
        on
            needs.system = dated.system
            and needs.table_name = dated.table_name
            and needs.column_name = dated.column_name
            and (needs.need_scope = 'company' or stores.store_key = dated.store_id)
    group by
        stores.store_key, needs.system, needs.table_name, needs.column_name, needs.need_scope
)

select * from final
