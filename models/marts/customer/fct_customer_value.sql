with

visits as (
    select * from {{ ref('int_customer_visits') }}
),

window_sums as (
    select * from {{ ref('int_customer_window') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

surveys as (
    select * from {{ ref('fct_surveys') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

bands as (
    select * from {{ ref('rfm_bands') }}
    where valid_to is null
),

rfm_classes as (
    select * from {{ ref('rfm_classes') }}
    where valid_to is null
),

value_classes as (
    select * from {{ ref('value_classes') }}
    where valid_to is null
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
    where valid_to is null
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('customer_value_window_days') }} as {{ dbt.type_int() }}) as window_days,
        {{ threshold('own_interval_min_visit_days') }} as min_visit_days,
        {{ threshold('overdue_interval_factor') }} as overdue_factor,
        {{ threshold('rfm_high_score') }} as high_score
),

histories as (
    select
        customer_key,
        max(case when next_on is null then store_key end) as store_key,
        min(visited_on) as first_visit_on,
        max(visited_on) as last_visit_on,
        {{ days_between('min(visited_on)', 'max(visited_on)') }} as span_days,
        count(*) as visit_day_count,
        sum(visit_count) as visit_count,
        sum(revenue_amount) as revenue_amount
    from visits
    group by customer_key
),

recent_sums as (
    select
        customer_key,
        sum(visit_count) as visit_count,
        sum(revenue_amount) as revenue_amount
    from window_sums
    where customer_key is not null
    group by customer_key
),

scores as (
    select
        customer_sources.customer_key,
        surveys.satisfaction_score,
        surveys.business_on,
        row_number() over (
            partition by customer_sources.customer_key
            order by surveys.business_on desc, surveys.responded_at desc, surveys.survey_key desc
        ) as recency_rank
    from surveys
    inner join customer_sources
        on surveys.source_customer_key = customer_sources.source_customer_key
    where surveys.satisfaction_score is not null
),

rhythms as (
    select
        histories.customer_key,
        cast(
            cast(histories.span_days as {{ double_type() }})
            / cast(histories.visit_day_count - 1 as {{ double_type() }})
            as {{ numeric_type(9, 2) }}
        ) as interval_days
    from histories
    cross join limits
    where histories.visit_day_count >= limits.min_visit_days
),

usual_rhythm as (
    select
        cast(
            {{ median('cast(interval_days as ' ~ double_type() ~ ')') }} as {{ numeric_type(9, 2) }}
        ) as interval_days
    from rhythms
),

measured as (
    select
        histories.customer_key,
        histories.store_key,
        histories.first_visit_on,
        histories.last_visit_on,
        histories.visit_count,
        histories.revenue_amount,
        {{ days_between('histories.last_visit_on', 'run_context.as_of_on') }} as recency_days,
        {{ whole_months('histories.first_visit_on', 'histories.last_visit_on') }}
            as relationship_months,
        coalesce(rhythms.interval_days, usual_rhythm.interval_days) as expected_interval_days,
        rhythms.interval_days is not null as has_own_interval,
        coalesce(recent_sums.visit_count, 0) as window_visit_count,
        coalesce(recent_sums.revenue_amount, 0) as window_revenue_amount,
        run_context.as_of_on
    from histories
    cross join run_context
    cross join usual_rhythm
    left join rhythms on histories.customer_key = rhythms.customer_key
    left join recent_sums on histories.customer_key = recent_sums.customer_key
),

-- Whoever stays away has spent little of late: the yearly worth says what the customer would bring.
valued as (
    select
        measured.*,
        cast(
            cast(measured.revenue_amount as {{ double_type() }})
            / cast(measured.visit_count as {{ double_type() }})
            * cast(limits.window_days as {{ double_type() }})
            / cast(measured.expected_interval_days as {{ double_type() }})
            as {{ numeric_type(18, 2) }}
        ) as yearly_worth_amount
    from measured
    cross join limits
),

ranked as (
    select
        *,
        row_number() over (order by window_revenue_amount desc, customer_key asc) as revenue_rank,
        row_number() over (
            order by coalesce(yearly_worth_amount, 0) desc, customer_key asc
        ) as worth_rank,
        count(*) over () as customer_count
    from valued
),

class_ranks as (
    select
        ranked.customer_key,
        min(value_classes.class_rank) as class_rank
    from ranked
    inner join value_classes
        on
            (
                value_classes.max_value_share is null
                or (
                    ranked.revenue_rank <= value_classes.max_value_share * ranked.customer_count
                    and ranked.window_revenue_amount > 0
                )
            )
            and (
                value_classes.min_recency_days is null
                or ranked.recency_days >= value_classes.min_recency_days
            )
            and (
                value_classes.max_recency_days is null
                or ranked.recency_days <= value_classes.max_recency_days
            )
    group by ranked.customer_key
),

stage_ranks as (
    select
        ranked.customer_key,
        min(lifecycle_stages.stage_rank) as stage_rank
    from ranked
    inner join lifecycle_stages
        on
            (
                lifecycle_stages.min_recency_days is null
                or ranked.recency_days >= lifecycle_stages.min_recency_days
            )
            and (
                lifecycle_stages.max_visit_count is null
                or ranked.visit_count <= lifecycle_stages.max_visit_count
            )
            and (
                lifecycle_stages.max_relationship_months is null
                or ranked.relationship_months <= lifecycle_stages.max_relationship_months
            )
    group by ranked.customer_key
),

dimension_values as (
    select
        customer_key,
        'R' as dimension_code,
        cast(recency_days as {{ numeric_type(18, 2) }}) as dimension_value
    from ranked

    union all

    select
        customer_key,
        'F' as dimension_code,
        cast(window_visit_count as {{ numeric_type(18, 2) }}) as dimension_value
    from ranked

    union all

    select
        customer_key,
        'M' as dimension_code,
        cast(window_revenue_amount as {{ numeric_type(18, 2) }}) as dimension_value
    from ranked

    union all

    select
        customer_key,
        'L' as dimension_code,
        cast(relationship_months as {{ numeric_type(18, 2) }}) as dimension_value
    from ranked
),

scores_of_bands as (
    select
        dimension_values.customer_key,
        max(case when bands.dimension_code = 'R' then bands.score end) as r_score,
        max(case when bands.dimension_code = 'F' then bands.score end) as f_score,
        max(case when bands.dimension_code = 'M' then bands.score end) as m_score,
        max(case when bands.dimension_code = 'L' then bands.score end) as l_score
    from dimension_values
    inner join bands
        on
            dimension_values.dimension_code = bands.dimension_code
            and (
                bands.from_value is null
                or dimension_values.dimension_value >= bands.from_value
            )
            and (
                bands.to_value is null
                or dimension_values.dimension_value < bands.to_value
            )
    group by dimension_values.customer_key
),

scored as (
    select
        scores_of_bands.*,
        scores_of_bands.r_score >= limits.high_score as is_recent,
        scores_of_bands.f_score >= limits.high_score as is_frequent,
        scores_of_bands.m_score >= limits.high_score as is_big
    from scores_of_bands
    cross join limits
),

final as (
    select
        ranked.customer_key,
        ranked.store_key,
        ranked.as_of_on,
        customers.customer_kind,
        customers.is_member,
        ranked.first_visit_on,
        ranked.last_visit_on,
        cast(ranked.recency_days as {{ dbt.type_int() }}) as recency_days,
        ranked.relationship_months,
        cast(ranked.visit_count as {{ dbt.type_int() }}) as visit_count,
        cast(ranked.window_visit_count as {{ dbt.type_int() }}) as window_visit_count,
        cast(ranked.window_revenue_amount as {{ numeric_type(18, 2) }}) as window_revenue_amount,
        ranked.expected_interval_days,
        ranked.has_own_interval,
        coalesce(
            ranked.recency_days > limits.overdue_factor * ranked.expected_interval_days, false
        ) as is_overdue,
        ranked.yearly_worth_amount,
        cast(ranked.revenue_rank as {{ dbt.type_int() }}) as revenue_rank,
        cast(ranked.worth_rank as {{ dbt.type_int() }}) as worth_rank,
        cast(ranked.customer_count as {{ dbt.type_int() }}) as ranked_customer_count,
        scored.r_score,
        scored.f_score,
        scored.m_score,
        scored.l_score,
        rfm_classes.rfm_class,
        value_classes.value_class,
        lifecycle_stages.lifecycle_stage,
        customers.visit_class,
        cast(value_classes.wake_up_ratio as {{ numeric_type(5, 4) }}) as wake_up_ratio,
        scores.satisfaction_score as last_satisfaction_score,
        scores.business_on as last_scored_on
    from ranked
    cross join limits
    left join customers on ranked.customer_key = customers.customer_key
    left join scored on ranked.customer_key = scored.customer_key
    left join rfm_classes
        on
            scored.is_recent = rfm_classes.is_recent
            and scored.is_frequent = rfm_classes.is_frequent
            and scored.is_big = rfm_classes.is_big
    left join class_ranks on ranked.customer_key = class_ranks.customer_key
    left join value_classes on class_ranks.class_rank = value_classes.class_rank
    left join stage_ranks on ranked.customer_key = stage_ranks.customer_key
    left join lifecycle_stages on stage_ranks.stage_rank = lifecycle_stages.stage_rank
    left join scores on ranked.customer_key = scores.customer_key and scores.recency_rank = 1
)

select * from final
