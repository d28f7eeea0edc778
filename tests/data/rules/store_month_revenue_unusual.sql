{{ config(meta={'rule_id': 'store_month_revenue_unusual'}) }}
-- A store's revenue per order in a month stays within a factor of its own other months.
-- Amounts in units of 10,000 yuan, or in cents, change it by a factor of 10,000 or 100.
-- Not judged: single orders, which row rules of staging judge; months with few orders.

with

fct_store_month as (
    select * from {{ ref('fct_store_month') }}
),

limits as (
    select
        {{ threshold('revenue_drift_min_orders') }} as min_order_count,
        {{ threshold('revenue_drift_max_factor') }} as max_factor
),

tickets as (
    select
        fct_store_month.store_key,
        fct_store_month.month_start_on,
        fct_store_month.revenue_amount / cast(fct_store_month.order_count as {{ double_type() }})
            as revenue_per_order
    from fct_store_month
    cross join limits
    where fct_store_month.order_count >= limits.min_order_count
),

usual as (
    select
        store_key,
        {{ median('revenue_per_order') }} as revenue_per_order
    from tickets
    group by store_key
    having count(*) > 2
),

final as (
    select
        tickets.store_key as store_id,
        tickets.month_start_on as business_on,
        {{ key(['tickets.store_key', 'tickets.month_start_on']) }} as row_key,
        cast(
            cast(tickets.revenue_per_order as {{ numeric_type(18, 2) }}) as {{ dbt.type_string() }}
        )
        || ' yuan per order, usually '
        || cast(
            cast(usual.revenue_per_order as {{ numeric_type(18, 2) }}) as {{ dbt.type_string() }}
        ) as detail
    from tickets
    inner join usual on tickets.store_key = usual.store_key
    cross join limits
    where
        tickets.revenue_per_order * limits.max_factor < usual.revenue_per_order
        or tickets.revenue_per_order > usual.revenue_per_order * limits.max_factor
)

select * from final
