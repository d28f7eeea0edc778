{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('orders') }}",
    )
}}

with

order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

affected_days as (
    {{ affected_dates('orders') }}
),

part_lines as (
    select
        store_key,
        part_key,
        business_on,
        quantity,
        coalesce(cost_amount, 0) as cost_amount,
        -- What a line earned stands beside what it cost, or not at all.
        case when cost_amount is null then 0 else revenue_amount end as revenue_amount,
        -- How a line was served is not always known: it is no demand that was met or lost.
        case when fill_status is null then 0 else 1 end as demand_count,
        case when fill_status = 'shelf' then 1 else 0 end as shelf_count,
        case when fill_status = 'emergency' then 1 else 0 end as emergency_count,
        case when fill_status = 'lost' then 1 else 0 end as lost_count
    from order_lines
    where
        line_type = 'part'
        and business_on in (select affected_days.date_on from affected_days)
),

final as (
    select
        store_key,
        part_key,
        business_on,
        cast(sum(quantity * demand_count) as {{ numeric_type(12, 2) }}) as demanded_quantity,
        cast(sum(quantity * shelf_count) as {{ numeric_type(12, 2) }}) as shelf_quantity,
        cast(sum(quantity * emergency_count) as {{ numeric_type(12, 2) }}) as emergency_quantity,
        cast(sum(quantity * lost_count) as {{ numeric_type(12, 2) }}) as lost_quantity,
        cast(sum(cost_amount) as {{ numeric_type(18, 2) }}) as issued_cost_amount,
        cast(sum(cost_amount * shelf_count) as {{ numeric_type(18, 2) }})
            as shelf_issued_cost_amount,
        cast(sum(revenue_amount) as {{ numeric_type(18, 2) }}) as issued_revenue_amount,
        cast(sum(demand_count) as {{ dbt.type_int() }}) as demand_line_count,
        cast(sum(shelf_count) as {{ dbt.type_int() }}) as shelf_line_count,
        cast(sum(emergency_count) as {{ dbt.type_int() }}) as emergency_line_count,
        cast(sum(lost_count) as {{ dbt.type_int() }}) as lost_line_count
    from part_lines
    group by store_key, part_key, business_on
)

select * from final
