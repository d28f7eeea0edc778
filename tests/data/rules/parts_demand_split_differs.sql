{{ config(meta={'rule_id': 'parts_demand_split_differs'}) }}
-- Parts demanded are either served from the shelf, bought for the order, or lost; the three add up.
-- The fill rate is made of them.
-- Not judged: whether the split is plausible.

with

fct_parts_demand as (
    select * from {{ ref('fct_parts_demand') }}
),

final as (
    select
        store_key as store_id,
        business_on,
        {{ key(['store_key', 'part_key', 'business_on']) }} as row_key,
        cast(demanded_quantity as {{ dbt.type_string() }}) || ' pieces asked for, '
        || cast(
            shelf_quantity + emergency_quantity + lost_quantity as {{ dbt.type_string() }}
        ) || ' accounted for' as detail
    from fct_parts_demand
    where
        demanded_quantity <> shelf_quantity + emergency_quantity + lost_quantity
        or demand_line_count <> shelf_line_count + emergency_line_count + lost_line_count
)

select * from final
