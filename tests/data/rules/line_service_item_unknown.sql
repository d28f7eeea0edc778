{{ config(meta={'rule_id': 'line_service_item_unknown'}) }}
-- Every labour line names a service item of the catalogue.
-- Gross margin by service item and service line loses the line otherwise.
-- Judged on staging, so that lines of orders that are not in the facts are seen too. Not judged:
-- part lines, which need not belong to an operation.

with

stg_dms__labour_lines as (
    select * from {{ ref('stg_dms__labour_lines') }}
),

dim_service_item as (
    select * from {{ ref('dim_service_item') }}
),

final as (
    select
        stg_dms__labour_lines.store_id,
        cast(stg_dms__labour_lines.created_at as date) as business_on,
        {{ key(['stg_dms__labour_lines.store_id', 'stg_dms__labour_lines.labour_line_id']) }}
            as row_key,
        'service item ' || stg_dms__labour_lines.service_item_code || ' is unknown' as detail
    from stg_dms__labour_lines
    left join dim_service_item
        on stg_dms__labour_lines.service_item_code = dim_service_item.service_item_key
    where
        stg_dms__labour_lines.quarantine_rule_id is null
        and stg_dms__labour_lines.service_item_code is not null
        and dim_service_item.service_item_key is null
)

select * from final
