{{ config(meta={'rule_id': 'closed_order_without_lines'}) }}
-- A settled order has at least one line.
-- Work was done and nothing was billed, or the lines did not arrive: revenue is too low either way.
-- Not judged: open orders, whose lines may still come.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

final as (
    select
        store_key as store_id,
        business_on,
        repair_order_key as row_key,
        'settled order without a line' as detail
    from fct_repair_orders
    where is_closed and not is_cancelled and line_count = 0
)

select * from final
