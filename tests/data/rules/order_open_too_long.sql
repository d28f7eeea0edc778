{{ config(meta={'rule_id': 'order_open_too_long'}) }}
-- An order is settled within the days the threshold allows.
-- An order that nobody closes keeps its revenue out of settled figures and its bay occupied on
-- paper.
-- Not judged: orders younger than the limit.

with

fct_repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        {{ threshold('open_order_max_days') }} as open_order_max_days
),

final as (
    select
        fct_repair_orders.store_key as store_id,
        fct_repair_orders.business_on,
        fct_repair_orders.repair_order_key as row_key,
        'still open on ' || cast(run_context.as_of_on as {{ dbt.type_string() }}) as detail
    from fct_repair_orders
    cross join run_context
    cross join limits
    where
        not fct_repair_orders.is_closed
        and not fct_repair_orders.is_cancelled
        and {{ days_between('fct_repair_orders.business_on', 'run_context.as_of_on') }}
        > limits.open_order_max_days
)

select * from final
