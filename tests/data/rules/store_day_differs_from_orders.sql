{{ config(meta={'rule_id': 'store_day_differs_from_orders'}) }}
-- A store-day holds exactly the orders and the revenue of the order fact.
-- The daily roll-up is what dashboards read; a difference means that a day was not recomputed.
-- Not judged: the other columns of the roll-up, which come from the same build step.

with

fct_store_day as (
    select * from {{ ref('fct_store_day') }}
),

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

limits as (
    select
        {{ threshold('amount_tolerance_yuan') }} as tolerance_amount
),

order_days as (
    select
        store_key,
        business_on,
        sum(case when is_cancelled then 0 else 1 end) as order_count,
        sum(revenue_amount) as revenue_amount
    from fct_repair_orders
    group by store_key, business_on
),

compared as (
    select
        coalesce(fct_store_day.store_key, order_days.store_key) as store_id,
        coalesce(fct_store_day.business_on, order_days.business_on) as business_on,
        coalesce(fct_store_day.order_count, 0) as day_count,
        coalesce(order_days.order_count, 0) as order_count,
        coalesce(fct_store_day.revenue_amount, 0) as day_amount,
        coalesce(order_days.revenue_amount, 0) as order_amount
    from fct_store_day
    full outer join order_days
        on
            fct_store_day.store_key = order_days.store_key
            and fct_store_day.business_on = order_days.business_on
),

final as (
    select
        compared.store_id,
        compared.business_on,
        {{ key(['compared.store_id', 'compared.business_on']) }} as row_key,
        'store-day: ' || cast(compared.day_count as {{ dbt.type_string() }}) || ' orders, '
        || cast(compared.day_amount as {{ dbt.type_string() }}) || ' yuan; order fact: '
        || cast(compared.order_count as {{ dbt.type_string() }}) || ' orders, '
        || cast(compared.order_amount as {{ dbt.type_string() }}) || ' yuan' as detail
    from compared
    cross join limits
    where
        compared.day_count <> compared.order_count
        or abs(compared.day_amount - compared.order_amount) > limits.tolerance_amount
)

select * from final
