{{ config(meta={'rule_id': 'vin_on_two_vehicles'}) }}
-- One vehicle identification number belongs to one vehicle record.
-- The history of the vehicle falls into two halves otherwise, and comebacks between them stay
-- unseen.
-- Not judged: numbers that are no valid VIN.

with

dim_vehicle as (
    select * from {{ ref('dim_vehicle') }}
),

doubles as (
    select
        vin,
        min(vehicle_key) as first_vehicle_key
    from dim_vehicle
    where is_vin_valid
    group by vin
    having count(*) > 1
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        cast(null as date) as business_on,
        dim_vehicle.vehicle_key as row_key,
        'same VIN as ' || doubles.first_vehicle_key as detail
    from dim_vehicle
    inner join doubles on dim_vehicle.vin = doubles.vin
    where dim_vehicle.vehicle_key <> doubles.first_vehicle_key
)

select * from final
