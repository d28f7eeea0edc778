{{ config(meta={'rule_id': 'stock_part_unknown'}) }}
-- Every stock row names a part of the parts master.
-- Its stock has no category and no ABC class otherwise.
-- Not judged: parts without stock.

with

fct_parts_stock as (
    select * from {{ ref('fct_parts_stock') }}
),

dim_part as (
    select * from {{ ref('dim_part') }}
),

final as (
    select
        fct_parts_stock.store_key as store_id,
        fct_parts_stock.business_on,
        {{ key([
            'fct_parts_stock.store_key',
            'fct_parts_stock.part_key',
            'fct_parts_stock.business_on',
        ]) }} as row_key,
        'part ' || fct_parts_stock.part_key || ' is unknown' as detail
    from fct_parts_stock
    left join dim_part on fct_parts_stock.part_key = dim_part.part_key
    where fct_parts_stock.part_key is not null and dim_part.part_key is null
)

select * from final
