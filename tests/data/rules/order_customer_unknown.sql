{{ config(meta={'rule_id': 'order_customer_unknown'}) }}
-- Every repair order belongs to a customer record that was resolved to one customer.
-- New and returning visits, retention and membership lose the order otherwise.
-- Not judged: whether the resolution is right.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

bridge_customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

final as (
    select
        fct_repair_orders.store_key as store_id,
        fct_repair_orders.business_on,
        fct_repair_orders.repair_order_key as row_key,
        'customer record ' || fct_repair_orders.source_customer_key || ' is unknown' as detail
    from fct_repair_orders
    left join bridge_customer_sources
        on fct_repair_orders.source_customer_key = bridge_customer_sources.source_customer_key
    where
        fct_repair_orders.source_customer_key is not null
        and bridge_customer_sources.source_customer_key is null
)

select * from final
