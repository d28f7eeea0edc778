{{ config(meta={'rule_id': 'complaint_order_unknown'}) }}
-- A complaint that names a repair order names one that exists.
-- Complaints by service line and advisor lose it otherwise.
-- Not judged: complaints about the store in general, which name none.

with

fct_complaints as (
    select * from {{ ref('fct_complaints') }}
),

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

final as (
    select
        fct_complaints.store_key as store_id,
        fct_complaints.business_on,
        fct_complaints.complaint_key as row_key,
        'repair order ' || fct_complaints.repair_order_key || ' is unknown' as detail
    from fct_complaints
    left join fct_repair_orders
        on fct_complaints.repair_order_key = fct_repair_orders.repair_order_key
    where fct_complaints.repair_order_key is not null and fct_repair_orders.repair_order_key is null
)

select * from final
