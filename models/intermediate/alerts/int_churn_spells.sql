{#-
  Every time a customer of the list of churn warnings (fct_churn_warnings) stood on it: from the day the
  absence became too long to the day before the next visit. The list of each day is worked out from the
  customers' worth as it is known now.
-#}

with

visits as (
    select * from {{ ref('int_customer_visits') }}
),

customer_values as (
    select * from {{ ref('fct_customer_value') }}
),

churn_rules as (
    select * from {{ ref('churn_rules') }}
    where valid_to is null
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

good_customers as (
    select
        customer_values.customer_key,
        customer_values.yearly_worth_amount,
        churn_rules.rule_code,
        churn_rules.min_recency_days,
        churn_rules.below_score
    from customer_values
    inner join churn_rules
        on
            churn_rules.max_value_share * customer_values.ranked_customer_count
            >= case churn_rules.value_basis
                when 'window_revenue' then customer_values.revenue_rank
                when 'yearly_worth' then customer_values.worth_rank
            end
),

away as (
    select
        good_customers.rule_code,
        good_customers.customer_key,
        good_customers.yearly_worth_amount,
        good_customers.below_score,
        visits.store_key,
        visits.visited_on as last_visit_on,
        {{ add_days('visits.visited_on', 'good_customers.min_recency_days') }} as from_on,
        coalesce({{ add_days('visits.next_on', -1) }}, run_context.as_of_on) as to_on
    from good_customers
    cross join run_context
    inner join visits on good_customers.customer_key = visits.customer_key
    where
        {{ add_days('visits.visited_on', 'good_customers.min_recency_days') }}
        <= coalesce({{ add_days('visits.next_on', -1) }}, run_context.as_of_on)
),

scores as (
    select
        customer_sources.customer_key,
        surveys.business_on,
        surveys.responded_at,
        surveys.satisfaction_score,
        surveys.survey_key
    from surveys
    inner join customer_sources
        on surveys.source_customer_key = customer_sources.source_customer_key
    where surveys.satisfaction_score is not null
),

last_scores as (
    select
        away.rule_code,
        away.customer_key,
        away.last_visit_on,
        scores.satisfaction_score,
        row_number() over (
            partition by away.rule_code, away.customer_key, away.last_visit_on
            order by scores.business_on desc, scores.responded_at desc, scores.survey_key desc
        ) as newest_rank
    from away
    inner join scores
        on
            away.customer_key = scores.customer_key
            and away.to_on >= scores.business_on
),

final as (
    select
        away.rule_code,
        away.customer_key,
        away.store_key,
        away.last_visit_on,
        away.from_on,
        away.to_on,
        last_scores.satisfaction_score as last_score,
        away.yearly_worth_amount
    from away
    inner join last_scores
        on
            away.rule_code = last_scores.rule_code
            and away.customer_key = last_scores.customer_key
            and away.last_visit_on = last_scores.last_visit_on
            and last_scores.newest_rank = 1
    where last_scores.satisfaction_score < away.below_score
)

select * from final
