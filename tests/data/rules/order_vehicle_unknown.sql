{{ config(meta={'rule_id': 'order_vehicle_unknown'}) }}
-- Every repair order belongs to a vehicle of the vehicle master.
-- Without it the order has no model, no owner and no earlier visits, so comebacks stay unseen.
-- Not judged: orders without a vehicle number, which a row rule of staging catches.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

dim_vehicle as (
    select * from {{ ref('dim_vehicle') }}
),

final as (
    select
        fct_repair_orders.store_key as store_id,
        fct_repair_orders.business_on,
        fct_repair_orders.repair_order_key as row_key,
        'vehicle ' || fct_repair_orders.vehicle_key || ' is unknown' as detail
    from fct_repair_orders
    left join dim_vehicle on fct_repair_orders.vehicle_key = dim_vehicle.vehicle_key
    where fct_repair_orders.vehicle_key is not null and dim_vehicle.vehicle_key is null
)

select * from final
