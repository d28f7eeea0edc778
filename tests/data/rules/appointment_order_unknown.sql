{{ config(meta={'rule_id': 'appointment_order_unknown'}) }}
-- An appointment that says which repair order was opened from it names one that exists.
-- The show rate counts it as shown on the word of that number.
-- Not judged: appointments without a number, which are no-shows.

with

fct_appointments as (
    select * from {{ ref('fct_appointments') }}
),

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

final as (
    select
        fct_appointments.store_key as store_id,
        fct_appointments.business_on,
        fct_appointments.appointment_key as row_key,
        'repair order ' || fct_appointments.repair_order_key || ' is unknown' as detail
    from fct_appointments
    left join fct_repair_orders
        on fct_appointments.repair_order_key = fct_repair_orders.repair_order_key
    where
        fct_appointments.repair_order_key is not null
        and fct_repair_orders.repair_order_key is null
)

select * from final
