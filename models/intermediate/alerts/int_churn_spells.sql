{#-
  Every time a good customer stayed away after a bad last score: from the day the absence became too long
  to the day before the next visit. Only customers who ever gave a bad score are looked at.
-#}

with

surveys as (
    select * from {{ ref('fct_surveys') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('churn_away_days') }} as {{ dbt.type_int() }}) as churn_away_days,
        cast({{ threshold('high_value_days') }} as {{ dbt.type_int() }}) as high_value_days,
        {{ threshold('churn_max_score') }} as churn_max_score,
        {{ threshold('high_value_year_yuan') }} as high_value_year_yuan
),

scores as (
    select
        customer_sources.customer_key,
        surveys.business_on,
        surveys.satisfaction_score,
        surveys.survey_key
    from surveys
    inner join customer_sources
        on surveys.source_customer_key = customer_sources.source_customer_key
    where surveys.satisfaction_score is not null
),

unhappy as (
    select distinct scores.customer_key
    from scores
    cross join limits
    where scores.satisfaction_score < limits.churn_max_score
),

unhappy_sources as (
    select
        customer_sources.source_customer_key,
        customer_sources.customer_key
    from customer_sources
    inner join unhappy on customer_sources.customer_key = unhappy.customer_key
),

visit_days as (
    select
        unhappy_sources.customer_key,
        repair_orders.business_on,
        max(repair_orders.store_key) as store_key,
        sum(repair_orders.revenue_amount) as revenue_amount
    from repair_orders
    inner join unhappy_sources
        on repair_orders.source_customer_key = unhappy_sources.source_customer_key
    where not repair_orders.is_cancelled
    group by unhappy_sources.customer_key, repair_orders.business_on
),

followed as (
    select
        *,
        lead(business_on) over (partition by customer_key order by business_on) as next_visit_on
    from visit_days
),

away as (
    select
        followed.customer_key,
        followed.store_key,
        followed.business_on as last_visit_on,
        {{ add_days('followed.business_on', 'limits.churn_away_days') }} as at_risk_from_on,
        coalesce({{ add_days('followed.next_visit_on', -1) }}, run_context.as_of_on)
            as at_risk_to_on,
        followed.next_visit_on
    from followed
    cross join limits
    cross join run_context
    where
        {{ add_days('followed.business_on', 'limits.churn_away_days') }}
        <= coalesce({{ add_days('followed.next_visit_on', -1) }}, run_context.as_of_on)
),

last_scores as (
    select
        away.customer_key,
        away.last_visit_on,
        scores.satisfaction_score,
        row_number() over (
            partition by away.customer_key, away.last_visit_on
            order by scores.business_on desc, scores.survey_key desc
        ) as newest_rank
    from away
    inner join scores
        on
            away.customer_key = scores.customer_key
            and away.at_risk_from_on >= scores.business_on
),

year_values as (
    select
        away.customer_key,
        away.last_visit_on,
        sum(visit_days.revenue_amount) as year_revenue_amount
    from away
    cross join limits
    inner join visit_days
        on
            away.customer_key = visit_days.customer_key
            and away.last_visit_on >= visit_days.business_on
            and {{ add_days('away.last_visit_on', '-limits.high_value_days') }}
            < visit_days.business_on
    group by away.customer_key, away.last_visit_on
),

final as (
    select
        away.customer_key,
        away.store_key,
        away.last_visit_on,
        away.at_risk_from_on,
        away.at_risk_to_on,
        away.next_visit_on,
        last_scores.satisfaction_score as last_score,
        cast(year_values.year_revenue_amount as {{ numeric_type(18, 2) }}) as year_revenue_amount
    from away
    cross join limits
    inner join last_scores
        on
            away.customer_key = last_scores.customer_key
            and away.last_visit_on = last_scores.last_visit_on
            and last_scores.newest_rank = 1
    inner join year_values
        on
            away.customer_key = year_values.customer_key
            and away.last_visit_on = year_values.last_visit_on
    where
        last_scores.satisfaction_score < limits.churn_max_score
        and year_values.year_revenue_amount >= limits.high_value_year_yuan
)

select * from final
