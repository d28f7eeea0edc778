with

customer_values as (
    select * from {{ ref('fct_customer_value') }}
),

churn_rules as (
    select * from {{ ref('churn_rules') }}
    where valid_to is null
),

judged as (
    select
        customer_values.*,
        churn_rules.rule_code,
        churn_rules.recovery_ratio,
        churn_rules.action_zh,
        churn_rules.action_en,
        churn_rules.max_value_share * customer_values.ranked_customer_count as last_rank,
        case churn_rules.value_basis
            when 'window_revenue' then customer_values.revenue_rank
            when 'yearly_worth' then customer_values.worth_rank
        end as value_rank
    from customer_values
    inner join churn_rules
        on
            customer_values.recency_days >= churn_rules.min_recency_days
            and customer_values.last_satisfaction_score < churn_rules.below_score
),

final as (
    select
        {{ key(['rule_code', 'customer_key']) }} as churn_warning_key,
        rule_code,
        customer_key,
        store_key,
        as_of_on,
        last_visit_on,
        recency_days,
        last_satisfaction_score,
        last_scored_on,
        window_revenue_amount,
        yearly_worth_amount,
        cast(value_rank as {{ dbt.type_int() }}) as value_rank,
        value_class,
        action_zh,
        action_en,
        cast(recovery_ratio as {{ numeric_type(5, 4) }}) as recovery_ratio
    from judged
    where value_rank <= last_rank
)

select * from final
