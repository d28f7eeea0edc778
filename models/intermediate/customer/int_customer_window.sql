with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

surveys as (
    select * from {{ ref('fct_surveys') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('customer_value_window_days') }} as {{ dbt.type_int() }}) as window_days
),

bounds as (
    select {{ add_days('run_context.as_of_on', '-limits.window_days') }} as after_on
    from run_context
    cross join limits
),

-- A customer nobody knows stays in, without a key, so that sums over customers are the whole.
order_sums as (
    select
        customer_sources.customer_key,
        repair_orders.store_key,
        count(*) as order_count,
        sum(case when repair_orders.is_first_order_of_visit then 1 else 0 end) as visit_count,
        sum(repair_orders.revenue_amount) as revenue_amount,
        sum(repair_orders.cost_amount) as cost_amount,
        sum(repair_orders.gross_profit_amount) as gross_profit_amount,
        0 as nps_response_count,
        0 as promoter_count,
        0 as detractor_count
    from repair_orders
    inner join bounds on repair_orders.business_on > bounds.after_on
    left join customer_sources
        on repair_orders.source_customer_key = customer_sources.source_customer_key
    where not repair_orders.is_cancelled
    group by customer_sources.customer_key, repair_orders.store_key
),

survey_sums as (
    select
        customer_sources.customer_key,
        surveys.store_key,
        0 as order_count,
        0 as visit_count,
        0 as revenue_amount,
        0 as cost_amount,
        0 as gross_profit_amount,
        count(*) as nps_response_count,
        sum(case when surveys.is_promoter then 1 else 0 end) as promoter_count,
        sum(case when surveys.is_detractor then 1 else 0 end) as detractor_count
    from surveys
    inner join bounds on surveys.business_on > bounds.after_on
    left join customer_sources
        on surveys.source_customer_key = customer_sources.source_customer_key
    where surveys.nps_score is not null
    group by customer_sources.customer_key, surveys.store_key
),

both_sums as (
    select * from order_sums

    union all

    select * from survey_sums
),

final as (
    select
        customer_key,
        store_key,
        cast(sum(order_count) as {{ dbt.type_int() }}) as order_count,
        cast(sum(visit_count) as {{ dbt.type_int() }}) as visit_count,
        cast(sum(revenue_amount) as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(sum(cost_amount) as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(sum(gross_profit_amount) as {{ numeric_type(18, 2) }}) as gross_profit_amount,
        cast(sum(nps_response_count) as {{ dbt.type_int() }}) as nps_response_count,
        cast(sum(promoter_count) as {{ dbt.type_int() }}) as promoter_count,
        cast(sum(detractor_count) as {{ dbt.type_int() }}) as detractor_count
    from both_sums
    group by customer_key, store_key
)

select * from final
