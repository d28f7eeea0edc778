{{ config(meta={'rule_id': 'order_total_differs_from_lines'}) }}
-- The total on an order's header is the sum of its lines: labour + parts - discount.
-- The header is what the customer signed, the lines are what every metric adds up.
-- Not judged: cancelled orders, whose amounts count as zero.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

limits as (
    select
        {{ threshold('amount_tolerance_yuan') }} as tolerance_amount
),

final as (
    select
        fct_repair_orders.store_key as store_id,
        fct_repair_orders.business_on,
        fct_repair_orders.repair_order_key as row_key,
        'header ' || cast(fct_repair_orders.header_total_amount as {{ dbt.type_string() }})
        || ' yuan, lines ' || cast(fct_repair_orders.revenue_amount as {{ dbt.type_string() }})
        || ' yuan' as detail
    from fct_repair_orders
    cross join limits
    where
        not fct_repair_orders.is_cancelled
        and abs(fct_repair_orders.header_total_amount - fct_repair_orders.revenue_amount)
        > limits.tolerance_amount
)

select * from final
