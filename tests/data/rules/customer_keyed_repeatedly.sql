{{ config(meta={'rule_id': 'customer_keyed_repeatedly'}) }}
-- One person has one customer record in the dealer management system.
-- The seed case: one customer keyed three times. Resolution joins them, but the next visit makes a
-- fourth.
-- Not judged: records of other systems, of which a customer has one each.

with

bridge_customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

stg_dms__customers as (
    select * from {{ ref('stg_dms__customers') }}
),

record_stores as (
    select
        customer_id,
        max(store_id) as store_id,
        max(cast(created_at as date)) as created_on
    from stg_dms__customers
    where quarantine_rule_id is null
    group by customer_id
),

repeated as (
    select
        customer_key,
        min(source_customer_id) as first_customer_id,
        count(*) as record_count
    from bridge_customer_sources
    where system_name = 'dms'
    group by customer_key
    having count(*) > 1
),

final as (
    select
        record_stores.store_id,
        record_stores.created_on as business_on,
        bridge_customer_sources.source_customer_id as row_key,
        cast(repeated.record_count as {{ dbt.type_string() }}) || ' records, the first is '
        || repeated.first_customer_id as detail
    from bridge_customer_sources
    inner join repeated on bridge_customer_sources.customer_key = repeated.customer_key
    left join record_stores
        on bridge_customer_sources.source_customer_id = record_stores.customer_id
    where bridge_customer_sources.system_name = 'dms'
)

select * from final
