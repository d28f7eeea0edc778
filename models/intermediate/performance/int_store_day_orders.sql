{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('orders') }}",
    )
}}

with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

order_stages as (
    select * from {{ ref('fct_order_stages') }}
),

affected_days as (
    {{ affected_dates('orders') }}
),

opened as (
    select * from repair_orders
    where business_on in (select affected_days.date_on from affected_days)
),

order_sums as (
    select
        store_key,
        business_on,
        sum(case when is_cancelled then 0 else 1 end) as order_count,
        sum(case when is_closed and not is_cancelled then 1 else 0 end) as closed_order_count,
        sum(case when is_cancelled then 1 else 0 end) as cancelled_order_count,
        -- Two orders of one vehicle in one store on one day are one visit.
        sum(case when is_first_order_of_visit then 1 else 0 end) as visit_count,
        sum(labour_amount) as labour_amount,
        sum(part_amount) as part_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(cost_amount) as cost_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        sum(hours_sold) as hours_sold,
        sum(case when has_package and is_package_eligible and not is_cancelled then 1 else 0 end)
            as package_order_count,
        sum(case when is_package_eligible and not is_cancelled then 1 else 0 end)
            as package_eligible_order_count,
        sum(case when is_delivered_on_time is not null and not is_cancelled then 1 else 0 end)
            as promised_closed_order_count,
        sum(case when is_delivered_on_time and not is_cancelled then 1 else 0 end)
            as on_time_order_count,
        sum(labour_revenue_amount) as labour_revenue_amount,
        sum(labour_cost_amount) as labour_cost_amount,
        sum(case when channel = 'appointment' and not is_cancelled then 1 else 0 end)
            as appointment_order_count,
        sum(case when entry_channel = 'paper' and not is_cancelled then 1 else 0 end)
            as paper_order_count,
        sum(case when pay_type = 'customer' and not is_cancelled then 1 else 0 end)
            as customer_paid_order_count,
        sum(case when pay_type = 'customer' then revenue_amount else 0 end)
            as customer_paid_revenue_amount
    from opened
    group by store_key, business_on
),

stage_sums as (
    select
        store_key,
        business_on,
        sum(customer_wait_minutes) as customer_wait_minutes_sum,
        count(customer_wait_minutes) as customer_wait_order_count,
        sum(cycle_minutes) as cycle_minutes_sum,
        count(cycle_minutes) as cycle_order_count,
        sum(case when is_quality_checked then 1 else 0 end) as quality_checked_order_count,
        sum(case when is_quality_passed_first then 1 else 0 end) as quality_first_pass_order_count
    from order_stages
    where business_on in (select affected_days.date_on from affected_days)
    group by store_key, business_on
),

final as (
    select
        order_sums.store_key,
        order_sums.business_on,
        cast(order_sums.order_count as {{ dbt.type_int() }}) as order_count,
        cast(order_sums.closed_order_count as {{ dbt.type_int() }}) as closed_order_count,
        cast(order_sums.cancelled_order_count as {{ dbt.type_int() }}) as cancelled_order_count,
        cast(order_sums.visit_count as {{ dbt.type_int() }}) as visit_count,
        cast(order_sums.labour_amount as {{ numeric_type(18, 2) }}) as labour_amount,
        cast(order_sums.part_amount as {{ numeric_type(18, 2) }}) as part_amount,
        cast(order_sums.discount_amount as {{ numeric_type(18, 2) }}) as discount_amount,
        cast(order_sums.revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(order_sums.cost_amount as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(order_sums.gross_profit_amount as {{ numeric_type(18, 2) }}) as gross_profit_amount,
        cast(order_sums.hours_sold as {{ numeric_type(18, 2) }}) as hours_sold,
        cast(order_sums.package_order_count as {{ dbt.type_int() }}) as package_order_count,
        cast(order_sums.package_eligible_order_count as {{ dbt.type_int() }})
            as package_eligible_order_count,
        cast(order_sums.promised_closed_order_count as {{ dbt.type_int() }})
            as promised_closed_order_count,
        cast(order_sums.on_time_order_count as {{ dbt.type_int() }}) as on_time_order_count,
        cast(coalesce(stage_sums.customer_wait_minutes_sum, 0) as {{ numeric_type(18, 2) }})
            as customer_wait_minutes_sum,
        cast(coalesce(stage_sums.customer_wait_order_count, 0) as {{ dbt.type_int() }})
            as customer_wait_order_count,
        cast(coalesce(stage_sums.cycle_minutes_sum, 0) as {{ numeric_type(18, 2) }})
            as cycle_minutes_sum,
        cast(coalesce(stage_sums.cycle_order_count, 0) as {{ dbt.type_int() }})
            as cycle_order_count,
        cast(order_sums.labour_revenue_amount as {{ numeric_type(18, 2) }})
            as labour_revenue_amount,
        cast(order_sums.labour_cost_amount as {{ numeric_type(18, 2) }}) as labour_cost_amount,
        cast(order_sums.appointment_order_count as {{ dbt.type_int() }})
            as appointment_order_count,
        cast(order_sums.paper_order_count as {{ dbt.type_int() }}) as paper_order_count,
        cast(order_sums.customer_paid_order_count as {{ dbt.type_int() }})
            as customer_paid_order_count,
        cast(order_sums.customer_paid_revenue_amount as {{ numeric_type(18, 2) }})
            as customer_paid_revenue_amount,
        cast(coalesce(stage_sums.quality_checked_order_count, 0) as {{ dbt.type_int() }})
            as quality_checked_order_count,
        cast(coalesce(stage_sums.quality_first_pass_order_count, 0) as {{ dbt.type_int() }})
            as quality_first_pass_order_count
    from order_sums
    left join stage_sums
        on
            order_sums.store_key = stage_sums.store_key
            and order_sums.business_on = stage_sums.business_on
)

select * from final
