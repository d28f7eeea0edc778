{{ config(meta={'rule_id': 'order_revenue_differs_from_lines'}) }}
-- By store and day, the revenue of the orders is the revenue of their lines.
-- Two public facts answer "revenue": by order attributes and by service item. They must agree.
-- Not judged: the header amounts, which `order_total_differs_from_lines` compares.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

fct_repair_order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

limits as (
    select
        {{ threshold('amount_tolerance_yuan') }} as tolerance_amount
),

order_days as (
    select
        store_key,
        business_on,
        sum(revenue_amount) as revenue_amount
    from fct_repair_orders
    group by store_key, business_on
),

line_days as (
    select
        store_key,
        business_on,
        sum(revenue_amount) as revenue_amount
    from fct_repair_order_lines
    group by store_key, business_on
),

compared as (
    select
        coalesce(order_days.store_key, line_days.store_key) as store_id,
        coalesce(order_days.business_on, line_days.business_on) as business_on,
        coalesce(order_days.revenue_amount, 0) as order_amount,
        coalesce(line_days.revenue_amount, 0) as line_amount
    from order_days
    full outer join line_days
        on
            order_days.store_key = line_days.store_key
            and order_days.business_on = line_days.business_on
),

final as (
    select
        compared.store_id,
        compared.business_on,
        {{ key(['compared.store_id', 'compared.business_on']) }} as row_key,
        'orders ' || cast(compared.order_amount as {{ dbt.type_string() }}) || ' yuan, lines '
        || cast(compared.line_amount as {{ dbt.type_string() }}) || ' yuan' as detail
    from compared
    cross join limits
    where abs(compared.order_amount - compared.line_amount) > limits.tolerance_amount
)

select * from final
