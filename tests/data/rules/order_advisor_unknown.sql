{{ config(meta={'rule_id': 'order_advisor_unknown'}) }}
-- Every repair order belongs to an advisor of the staff list.
-- Output per advisor loses the order otherwise.
-- Not judged: whether the advisor works in that store.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

dim_advisor as (
    select * from {{ ref('dim_advisor') }}
),

final as (
    select
        fct_repair_orders.store_key as store_id,
        fct_repair_orders.business_on,
        fct_repair_orders.repair_order_key as row_key,
        'advisor ' || fct_repair_orders.advisor_key || ' is unknown' as detail
    from fct_repair_orders
    left join dim_advisor on fct_repair_orders.advisor_key = dim_advisor.advisor_key
    where fct_repair_orders.advisor_key is not null and dim_advisor.advisor_key is null
)

select * from final
