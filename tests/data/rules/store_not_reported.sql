{{ config(meta={'rule_id': 'store_not_reported'}) }}
-- Every open store reported on the newest business day, or on the last open day before it.
-- The morning meeting looks at that day; a store that is late is not a store without customers.
-- Not judged: earlier days, which `store_day_missing` does.

with

fct_store_day as (
    select * from {{ ref('fct_store_day') }}
),

dim_store as (
    select * from {{ ref('dim_store') }}
),

days as (
    select
        business_on,
        sum(order_count) as order_count
    from fct_store_day
    group by business_on
),

newest_open_day as (
    select max(business_on) as business_on
    from days
    where order_count > 0
),

final as (
    select
        fct_store_day.store_key as store_id,
        fct_store_day.business_on,
        {{ key(['fct_store_day.store_key', 'fct_store_day.business_on']) }} as row_key,
        dim_store.store_name || ' reported no order' as detail
    from fct_store_day
    inner join newest_open_day on fct_store_day.business_on = newest_open_day.business_on
    inner join dim_store on fct_store_day.store_key = dim_store.store_key
    where fct_store_day.order_count = 0
)

select * from final
