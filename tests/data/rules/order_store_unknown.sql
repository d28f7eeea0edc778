{{ config(meta={'rule_id': 'order_store_unknown'}) }}
-- Every repair order comes from a store of the store master.
-- The orders of an unknown store have no time zone, hence no business day, and are in no total.
-- Judged on staging, since the facts cannot hold them.

with

stg_dms__repair_orders as (
    select * from {{ ref('stg_dms__repair_orders') }}
),

dim_store as (
    select * from {{ ref('dim_store') }}
),

final as (
    select
        stg_dms__repair_orders.store_id,
        cast(stg_dms__repair_orders.opened_at as date) as business_on,
        {{ key(['stg_dms__repair_orders.store_id', 'stg_dms__repair_orders.repair_order_no']) }}
            as row_key,
        'store ' || stg_dms__repair_orders.store_id || ' is unknown' as detail
    from stg_dms__repair_orders
    left join dim_store on stg_dms__repair_orders.store_id = dim_store.store_key
    where
        stg_dms__repair_orders.quarantine_rule_id is null
        and stg_dms__repair_orders.store_id is not null
        and dim_store.store_key is null
)

select * from final
