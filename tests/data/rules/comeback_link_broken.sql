{{ config(meta={'rule_id': 'comeback_link_broken'}) }}
-- A comeback names an order that exists, of the same vehicle and fault system, opened after the
-- first one was closed and within the comeback window.
-- First-time fix rate is one minus these links; a wrong link blames the wrong technician.
-- Not judged: comebacks that were missed.

with

fct_comebacks as (
    select * from {{ ref('fct_comebacks') }}
),

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

limits as (
    select
        {{ threshold('comeback_window_days') }} as window_days
),

final as (
    select
        fct_comebacks.store_key as store_id,
        fct_comebacks.business_on,
        fct_comebacks.repair_order_key as row_key,
        'comeback ' || fct_comebacks.first_comeback_repair_order_key || ' does not fit' as detail
    from fct_comebacks
    cross join limits
    left join fct_repair_orders
        on fct_comebacks.first_comeback_repair_order_key = fct_repair_orders.repair_order_key
    where
        fct_comebacks.first_comeback_repair_order_key is not null
        and (
            fct_repair_orders.repair_order_key is null
            or fct_repair_orders.vehicle_key <> fct_comebacks.vehicle_key
            or fct_repair_orders.fault_system <> fct_comebacks.fault_system
            or fct_repair_orders.opened_at <= fct_comebacks.closed_at
            or {{ add_days('fct_comebacks.business_on', 'limits.window_days') }}
            < fct_repair_orders.business_on
        )
)

select * from final
