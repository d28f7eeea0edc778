{#-
  Every order that is a comeback, with the order it came back from: the latest index order closed before
  it on the same vehicle and fault system. fct_comebacks names only the first return of an index order.
-#}

with

comebacks as (
    select * from {{ ref('fct_comebacks') }}
    where has_comeback
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

order_types as (
    select * from {{ ref('order_types') }}
),

limits as (
    select cast({{ threshold('comeback_window_days') }} as {{ dbt.type_int() }}) as window_days
),

returns as (
    select repair_orders.*
    from repair_orders
    inner join order_types
        on
            repair_orders.order_type = order_types.order_type
            and order_types.is_comeback_eligible
            and order_types.valid_to is null
    where not repair_orders.is_cancelled
),

candidates as (
    select
        returns.repair_order_key,
        comebacks.repair_order_key as index_repair_order_key,
        returns.store_key,
        returns.business_on,
        returns.revenue_amount,
        returns.cost_amount,
        row_number() over (
            partition by returns.repair_order_key
            order by comebacks.closed_at desc, comebacks.repair_order_key desc
        ) as index_rank
    from comebacks
    cross join limits
    inner join returns
        on
            comebacks.vehicle_key = returns.vehicle_key
            and comebacks.fault_system = returns.fault_system
            and comebacks.repair_order_key <> returns.repair_order_key
            and comebacks.closed_at < returns.opened_at
            and returns.business_on <= {{ add_days('comebacks.business_on', 'limits.window_days') }}
),

final as (
    select
        repair_order_key,
        index_repair_order_key,
        store_key,
        business_on,
        revenue_amount,
        cost_amount
    from candidates
    where index_rank = 1
)

select * from final
