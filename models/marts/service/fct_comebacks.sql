{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('comebacks') }}",
    )
}}

{#-
  Why the partition of day D depends on the days D to D + window and on nothing else, so that the
  domain `comebacks` (openings and closings of touched orders, widened backwards by the window) is
  exact. A row is an index order closed on D. A comeback of it opened on a day of [D, D + window]. A
  comeback is attributed to the latest index order before it; another index order takes it away only
  if it closed between the two, so on a day of [D, D + window] again. Turned round: an order opened
  or closed on X changes the rows of [X - window, X].
-#}

with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

order_stages as (
    select * from {{ ref('fct_order_stages') }}
),

order_types as (
    select * from {{ ref('order_types') }}
),

days as (
    select * from {{ ref('int_days') }}
),

limits as (
    select cast({{ threshold('comeback_window_days') }} as {{ dbt.type_int() }}) as window_days
),

index_days as (
    {{ affected_dates('comebacks') }}
),

reach_days as (
    select distinct days.date_on
    from days
    cross join limits
    inner join index_days
        on
            days.date_on >= index_days.date_on
            and days.date_on <= {{ add_days('index_days.date_on', 'limits.window_days') }}
),

repairs as (
    select
        repair_orders.repair_order_key,
        repair_orders.store_key,
        repair_orders.vehicle_key,
        repair_orders.fault_system,
        repair_orders.business_on as opened_on,
        repair_orders.opened_at,
        repair_orders.closed_on,
        repair_orders.closed_at,
        repair_orders.is_closed
    from repair_orders
    inner join order_types
        on
            repair_orders.order_type = order_types.order_type
            and order_types.is_comeback_eligible
            and order_types.valid_to is null
    where
        not repair_orders.is_cancelled
        and repair_orders.vehicle_key is not null
        and repair_orders.fault_system is not null
),

index_orders as (
    select * from repairs
    where
        is_closed
        and closed_on in (select reach_days.date_on from reach_days)
),

returns as (
    select * from repairs
    where opened_on in (select reach_days.date_on from reach_days)
),

-- A return and every index order it could be the comeback of, the latest first.
candidates as (
    select
        returns.repair_order_key as return_key,
        returns.opened_at as return_opened_at,
        returns.opened_on as return_opened_on,
        index_orders.repair_order_key as index_key,
        row_number() over (
            partition by returns.repair_order_key
            order by index_orders.closed_at desc, index_orders.repair_order_key desc
        ) as index_rank
    from returns
    cross join limits
    inner join index_orders
        on
            returns.vehicle_key = index_orders.vehicle_key
            and returns.fault_system = index_orders.fault_system
            -- An order keyed with its closing before its opening is not its own comeback.
            and returns.repair_order_key <> index_orders.repair_order_key
            and returns.opened_at > index_orders.closed_at
            and returns.opened_on
            <= {{ add_days('index_orders.closed_on', 'limits.window_days') }}
),

comebacks as (
    select
        index_key,
        return_key,
        return_opened_on,
        row_number() over (
            partition by index_key
            order by return_opened_at, return_key
        ) as comeback_rank
    from candidates
    where index_rank = 1
),

comeback_sums as (
    select
        index_key,
        count(*) as comeback_count,
        max(case when comeback_rank = 1 then return_key end) as first_comeback_key,
        max(case when comeback_rank = 1 then return_opened_on end) as first_comeback_on
    from comebacks
    group by index_key
),

affected_index_orders as (
    select * from index_orders
    where closed_on in (select index_days.date_on from index_days)
),

technician_hours as (
    select
        order_lines.repair_order_key,
        order_lines.technician_key,
        sum(coalesce(order_lines.hours_sold, 0)) as hours_sold
    from order_lines
    inner join affected_index_orders
        on
            order_lines.business_on = affected_index_orders.opened_on
            and order_lines.repair_order_key = affected_index_orders.repair_order_key
    where order_lines.technician_key is not null
    group by order_lines.repair_order_key, order_lines.technician_key
),

ranked_technicians as (
    select
        *,
        row_number() over (
            partition by repair_order_key
            order by hours_sold desc, technician_key asc
        ) as technician_rank
    from technician_hours
),

final as (
    select
        affected_index_orders.repair_order_key,
        affected_index_orders.store_key,
        affected_index_orders.vehicle_key,
        affected_index_orders.fault_system,
        ranked_technicians.technician_key,
        affected_index_orders.closed_on as business_on,
        affected_index_orders.closed_at,
        cast(coalesce(comeback_sums.comeback_count, 0) as {{ dbt.type_int() }}) as comeback_count,
        comeback_sums.index_key is not null as has_comeback,
        comeback_sums.first_comeback_key as first_comeback_repair_order_key,
        {{ days_between('affected_index_orders.closed_on', 'comeback_sums.first_comeback_on') }}
            as days_to_comeback,
        coalesce(order_stages.has_parts_wait, false) as has_parts_wait,
        comeback_sums.index_key is null
        and not coalesce(order_stages.has_parts_wait, false) as is_fixed_first_visit_strict
    from affected_index_orders
    left join comeback_sums
        on affected_index_orders.repair_order_key = comeback_sums.index_key
    left join ranked_technicians
        on
            affected_index_orders.repair_order_key = ranked_technicians.repair_order_key
            and ranked_technicians.technician_rank = 1
    left join order_stages
        on
            affected_index_orders.opened_on = order_stages.business_on
            and affected_index_orders.repair_order_key = order_stages.repair_order_key
)

select * from final
