{{ config(meta={'rule_id': 'survey_order_unknown'}) }}
-- Every survey judges a repair order that exists.
-- An answer without an order cannot be traced to a service line, an advisor or a wait.
-- Not judged: surveys that were never answered are judged too: they were sent for nothing.

with

fct_surveys as (
    select * from {{ ref('fct_surveys') }}
),

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

final as (
    select
        fct_surveys.store_key as store_id,
        fct_surveys.business_on,
        fct_surveys.survey_key as row_key,
        'repair order ' || fct_surveys.repair_order_key || ' is unknown' as detail
    from fct_surveys
    left join fct_repair_orders on fct_surveys.repair_order_key = fct_repair_orders.repair_order_key
    where fct_surveys.repair_order_key is not null and fct_repair_orders.repair_order_key is null
)

select * from final
