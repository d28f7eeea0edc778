{{ config(meta={'rule_id': 'vehicle_owner_unknown'}) }}
-- The owner named by the vehicle master is a customer record that was resolved to one customer.
-- A vehicle without an owner drops out of retention and churn.
-- Not judged: vehicles that name no owner.

with

dim_vehicle as (
    select * from {{ ref('dim_vehicle') }}
),

bridge_customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        cast(null as date) as business_on,
        dim_vehicle.vehicle_key as row_key,
        'customer record ' || dim_vehicle.source_customer_key || ' is unknown' as detail
    from dim_vehicle
    left join bridge_customer_sources
        on dim_vehicle.source_customer_key = bridge_customer_sources.source_customer_key
    where
        dim_vehicle.source_customer_key is not null
        and bridge_customer_sources.source_customer_key is null
)

select * from final
