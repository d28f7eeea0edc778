with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('open_order_late_workdays') }} as {{ dbt.type_int() }})
        as late_after_workdays
),

open_orders as (
    select
        repair_order_key,
        store_key,
        advisor_key,
        order_type,
        pay_type,
        business_on
    from repair_orders
    where not is_cancelled and not is_closed
),

-- Workdays after the day of opening, the last known day included.
waited as (
    select
        open_orders.repair_order_key,
        sum(case when dates.is_workday then 1 else 0 end) as open_workday_count
    from open_orders
    cross join run_context
    inner join dates
        on
            open_orders.business_on < dates.date_on
            and run_context.as_of_on >= dates.date_on
    group by open_orders.repair_order_key
),

final as (
    select
        open_orders.repair_order_key,
        open_orders.store_key,
        open_orders.advisor_key,
        open_orders.order_type,
        open_orders.pay_type,
        open_orders.business_on,
        cast(coalesce(waited.open_workday_count, 0) as {{ dbt.type_int() }})
            as open_workday_count,
        coalesce(waited.open_workday_count, 0) > limits.late_after_workdays as is_late
    from open_orders
    cross join limits
    left join waited on open_orders.repair_order_key = waited.repair_order_key
)

select * from final
