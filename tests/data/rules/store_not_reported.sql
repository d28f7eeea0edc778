{{ config(meta={'rule_id': 'store_not_reported'}) }}
-- Every open store reported on the newest business day, or on the last open day before it.
-- The morning meeting looks at that day; a store that is late is not a store without customers.
-- Not judged: earlier days, which `store_day_missing` does.

with

store_days as (
    select * from {{ ref('int_store_day_parts') }}
),

dim_store as (
    select * from {{ ref('dim_store') }}
),

days as (
    select
        business_on,
        sum(order_count) as order_count
    from store_days
    group by business_on
),

newest_open_day as (
    select max(business_on) as business_on
    from days
    where order_count > 0
),

final as (
    select
        store_days.store_key as store_id,
        store_days.business_on,
        {{ key(['store_days.store_key', 'store_days.business_on']) }} as row_key,
        dim_store.store_name || ' reported no order' as detail
    from store_days
    inner join newest_open_day on store_days.business_on = newest_open_day.business_on
    inner join dim_store on store_days.store_key = dim_store.store_key
    where store_days.order_count = 0
)

select * from final
