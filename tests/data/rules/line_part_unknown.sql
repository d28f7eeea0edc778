{{ config(meta={'rule_id': 'line_part_unknown'}) }}
-- Every part line names a part of the parts master.
-- Parts margin by category, ABC class and fill rate lose the line otherwise.
-- Not judged: whether the part fits the vehicle.

with

fct_repair_order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

dim_part as (
    select * from {{ ref('dim_part') }}
),

final as (
    select
        fct_repair_order_lines.store_key as store_id,
        fct_repair_order_lines.business_on,
        fct_repair_order_lines.line_key as row_key,
        'part ' || fct_repair_order_lines.part_key || ' is unknown' as detail
    from fct_repair_order_lines
    left join dim_part on fct_repair_order_lines.part_key = dim_part.part_key
    where fct_repair_order_lines.part_key is not null and dim_part.part_key is null
)

select * from final
