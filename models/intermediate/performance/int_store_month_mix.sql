with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('gap_history_months') }} as {{ dbt.type_int() }}) as month_count
),

member_keys as (
    select customer_sources.source_customer_key
    from customer_sources
    inner join customers on customer_sources.customer_key = customers.customer_key
    where customers.is_member
),

days as (
    select
        repair_orders.store_key,
        repair_orders.business_on,
        repair_orders.order_type,
        repair_orders.is_package_eligible,
        repair_orders.is_package_eligible and repair_orders.has_package as is_package,
        repair_orders.channel = 'appointment' as is_appointment,
        member_keys.source_customer_key is not null as is_member,
        count(*) as order_count,
        sum(case when repair_orders.is_first_order_of_visit then 1 else 0 end) as visit_count,
        sum(repair_orders.revenue_amount) as revenue_amount,
        sum(repair_orders.labour_amount) as labour_amount,
        sum(repair_orders.part_amount) as part_amount,
        sum(repair_orders.discount_amount) as discount_amount,
        sum(repair_orders.hours_sold) as hours_sold
    from repair_orders
    cross join run_context
    cross join limits
    left join member_keys
        on repair_orders.source_customer_key = member_keys.source_customer_key
    where
        not repair_orders.is_cancelled
        and {{ month_number('repair_orders.business_on') }}
        > {{ month_number('run_context.as_of_on') }} - limits.month_count
    group by
        repair_orders.store_key,
        repair_orders.business_on,
        repair_orders.order_type,
        repair_orders.is_package_eligible,
        repair_orders.is_package_eligible and repair_orders.has_package,
        repair_orders.channel = 'appointment',
        member_keys.source_customer_key is not null
),

final as (
    select
        store_key,
        {{ month_start('business_on') }} as month_start_on,
        order_type,
        is_package_eligible,
        is_package,
        is_appointment,
        is_member,
        cast(sum(order_count) as {{ dbt.type_int() }}) as order_count,
        cast(sum(visit_count) as {{ dbt.type_int() }}) as visit_count,
        cast(sum(revenue_amount) as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(sum(labour_amount) as {{ numeric_type(18, 2) }}) as labour_amount,
        cast(sum(part_amount) as {{ numeric_type(18, 2) }}) as part_amount,
        cast(sum(discount_amount) as {{ numeric_type(18, 2) }}) as discount_amount,
        cast(sum(hours_sold) as {{ numeric_type(18, 2) }}) as hours_sold
    from days
    group by
        store_key,
        {{ month_start('business_on') }},
        order_type,
        is_package_eligible,
        is_package,
        is_appointment,
        is_member
)

select * from final
