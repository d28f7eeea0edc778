{{ config(meta={'rule_id': 'store_month_differs_from_days'}) }}
-- A store-month is the sum of its store-days.
-- Monthly reports and daily dashboards must add up to the same figure.
-- Not judged: operating cost and targets, which have no daily part.

with

fct_store_month as (
    select * from {{ ref('fct_store_month') }}
),

fct_store_day as (
    select * from {{ ref('fct_store_day') }}
),

limits as (
    select
        {{ threshold('amount_tolerance_yuan') }} as tolerance_amount
),

day_sums as (
    select
        store_key,
        cast({{ dbt.date_trunc('month', 'business_on') }} as date) as month_start_on,
        sum(order_count) as order_count,
        sum(visit_count) as visit_count,
        sum(revenue_amount) as revenue_amount
    from fct_store_day
    group by store_key, cast({{ dbt.date_trunc('month', 'business_on') }} as date)
),

compared as (
    select
        coalesce(fct_store_month.store_key, day_sums.store_key) as store_id,
        coalesce(fct_store_month.month_start_on, day_sums.month_start_on) as business_on,
        coalesce(fct_store_month.order_count, 0) as month_order_count,
        coalesce(day_sums.order_count, 0) as day_order_count,
        coalesce(fct_store_month.visit_count, 0) as month_visit_count,
        coalesce(day_sums.visit_count, 0) as day_visit_count,
        coalesce(fct_store_month.revenue_amount, 0) as month_amount,
        coalesce(day_sums.revenue_amount, 0) as day_amount
    from fct_store_month
    full outer join day_sums
        on
            fct_store_month.store_key = day_sums.store_key
            and fct_store_month.month_start_on = day_sums.month_start_on
),

final as (
    select
        compared.store_id,
        compared.business_on,
        {{ key(['compared.store_id', 'compared.business_on']) }} as row_key,
        'month ' || cast(compared.month_amount as {{ dbt.type_string() }}) || ' yuan, its days '
        || cast(compared.day_amount as {{ dbt.type_string() }}) || ' yuan' as detail
    from compared
    cross join limits
    where
        compared.month_order_count <> compared.day_order_count
        or compared.month_visit_count <> compared.day_visit_count
        or abs(compared.month_amount - compared.day_amount) > limits.tolerance_amount
)

select * from final
