{{ config(meta={'rule_id': 'line_service_item_unknown'}) }}
-- Every line names a service item of the catalogue.
-- Gross margin by service item and service line loses the line otherwise.
-- Not judged: lines without an item.

with

fct_repair_order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

dim_service_item as (
    select * from {{ ref('dim_service_item') }}
),

final as (
    select
        fct_repair_order_lines.store_key as store_id,
        fct_repair_order_lines.business_on,
        fct_repair_order_lines.line_key as row_key,
        'service item ' || fct_repair_order_lines.service_item_key || ' is unknown' as detail
    from fct_repair_order_lines
    left join dim_service_item
        on fct_repair_order_lines.service_item_key = dim_service_item.service_item_key
    where
        fct_repair_order_lines.service_item_key is not null
        and dim_service_item.service_item_key is null
)

select * from final
