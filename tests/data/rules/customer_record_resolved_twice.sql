{{ config(meta={'rule_id': 'customer_record_resolved_twice'}) }}
-- Every customer record of every system belongs to exactly one customer.
-- A record of two customers counts its visits twice; a record of none loses them.
-- Not judged: whether the customer is the right one.

with

bridge_customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

dim_customer as (
    select * from {{ ref('dim_customer') }}
),

stg_dms__customers as (
    select * from {{ ref('stg_dms__customers') }}
),

known_records as (
    select distinct 'dms:' || customer_id as source_customer_key
    from stg_dms__customers
    where quarantine_rule_id is null
),

resolutions as (
    select
        bridge_customer_sources.source_customer_key,
        count(dim_customer.customer_key) as customer_count
    from bridge_customer_sources
    left join dim_customer on bridge_customer_sources.customer_key = dim_customer.customer_key
    group by bridge_customer_sources.source_customer_key
),

compared as (
    select
        coalesce(resolutions.source_customer_key, known_records.source_customer_key)
            as source_customer_key,
        coalesce(resolutions.customer_count, 0) as customer_count
    from resolutions
    full outer join known_records
        on resolutions.source_customer_key = known_records.source_customer_key
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        cast(null as date) as business_on,
        source_customer_key as row_key,
        'resolved to ' || cast(customer_count as {{ dbt.type_string() }}) || ' customers' as detail
    from compared
    where customer_count <> 1
)

select * from final
