{{ config(meta={'rule_id': 'odometer_rolled_back'}) }}
-- The odometer of a vehicle does not fall from one order to the next.
-- A fall means a typing error, a swapped vehicle or fraud; mileage-based reminders go wrong.
-- Not judged: falls within the tolerance, and orders without a reading. Cancelled orders are
-- judged too: the reading was taken at reception.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

limits as (
    select
        {{ threshold('odometer_tolerance_km') }} as tolerance_km
),

readings as (
    select
        store_key,
        business_on,
        repair_order_key,
        odometer_km,
        lag(odometer_km) over (
            partition by vehicle_key
            order by opened_at, repair_order_key
        ) as earlier_odometer_km
    from fct_repair_orders
    where vehicle_key is not null and odometer_km is not null
),

final as (
    select
        readings.store_key as store_id,
        readings.business_on,
        readings.repair_order_key as row_key,
        cast(readings.odometer_km as {{ dbt.type_string() }}) || ' km after '
        || cast(readings.earlier_odometer_km as {{ dbt.type_string() }}) || ' km' as detail
    from readings
    cross join limits
    where readings.odometer_km < readings.earlier_odometer_km - limits.tolerance_km
)

select * from final
