with

store_day_orders as (
    select * from {{ ref('int_store_day_orders') }}
),

technician_days as (
    select * from {{ ref('int_technician_days') }}
),

final as (
    select
        store_key,
        business_on
    from store_day_orders

    union distinct

    select
        store_id as store_key,
        business_on
    from technician_days
    where shift_count > 0
)

select * from final
