{{ config(meta={'rule_id': 'store_without_capacity'}) }}
-- Every store that works has bays on its days with orders.
-- Without bays there is no available time, and utilisation of the store and its region is
-- undefined.
-- Not judged: whether the number of bays is right.

with

fct_store_day as (
    select * from {{ ref('fct_store_day') }}
),

final as (
    select
        store_key as store_id,
        business_on,
        {{ key(['store_key', 'business_on']) }} as row_key,
        cast(order_count as {{ dbt.type_string() }}) || ' orders and no bay' as detail
    from fct_store_day
    where order_count > 0 and bay_available_minutes <= 0
)

select * from final
