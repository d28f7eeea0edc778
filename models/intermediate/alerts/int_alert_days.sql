{#-
  Every metric that an alert rule watches, by scope and day, as running totals: the sums of any window are
  the difference of two of them. Beside the sums stand the day's share of the target and what came of
  unsound days, so that a window can be judged again without them.
  A metric that needs time to mature stands on the day it is known.
-#}
{%- set sums = [
    'numerator', 'denominator', 'day_target', 'target_day_count', 'day_count',
    'unsound_numerator', 'unsound_denominator', 'unsound_day_target', 'unsound_day_count',
    'doubtful_day_count',
] -%}
{%- set counts = ['target_day_count', 'day_count', 'unsound_day_count', 'doubtful_day_count'] -%}

with

store_days as (
    select * from {{ ref('fct_store_day') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

targets as (
    select * from {{ ref('fct_targets') }}
),

day_checks as (
    select * from {{ ref('int_alert_day_checks') }}
),

churn_spells as (
    select * from {{ ref('int_churn_spells') }}
),

service_line_days as (
    select * from {{ ref('int_store_day_service_lines') }}
),

revenue_lines as (
    select * from {{ ref('revenue_lines') }}
    where valid_to is null
),

target_metrics as (
    select * from {{ ref('target_metrics') }}
    where valid_to is null
),

alert_rules as (
    select * from {{ ref('alert_rules') }}
),

alert_metrics as (
    select * from {{ ref('alert_metrics') }}
),

day_profile as (
    select * from {{ ref('alert_day_profile') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('alert_history_months') }} as {{ dbt.type_int() }}) as history_months,
        cast({{ threshold('alert_lookback_days') }} as {{ dbt.type_int() }}) as lookback_days
),

metrics as (
    {{ metric_facts() }}
),

history as (
    select
        {{ add_days(
            history_start('run_context.as_of_on', 'limits.history_months'), '-limits.lookback_days'
        ) }} as first_on,
        run_context.as_of_on
    from run_context
    cross join limits
),

watched as (
    select distinct
        alert_rules.metric_code,
        coalesce(target_metrics.target_code, alert_rules.metric_code) as target_code,
        alert_metrics.source_system,
        alert_metrics.revenue_line,
        coalesce(metrics.maturity_days, 0) as maturity_days
    from alert_rules
    inner join alert_metrics on alert_rules.metric_code = alert_metrics.metric_code
    left join metrics on alert_rules.metric_code = metrics.metric_code
    left join target_metrics
        on
            alert_rules.metric_code = target_metrics.metric_code
            and target_metrics.revenue_line is null
    where
        alert_rules.status = 'active'
        and (metrics.metric_code is not null or alert_metrics.revenue_line is not null)
),

-- On a day without any order anywhere the company was closed.
open_days as (
    select business_on
    from store_days
    group by business_on
    having sum(order_count) > 0
),

-- A month's target is spread over its days by a declared profile.
holiday_days as (
    select
        date_on,
        row_number() over (
            partition by year_number, holiday_name_en
            order by date_on
        ) as holiday_day
    from dates
    where is_holiday
),

kinds as (
    select
        dates.date_on,
        dates.month_start_on,
        dates.iso_weekday,
        dates.holiday_name_en,
        holiday_days.holiday_day,
        case
            when dates.is_holiday then 'holiday'
            when dates.is_weekend and not dates.is_adjusted_workday then 'weekend'
            else 'workday'
        end as day_kind
    from dates
    left join holiday_days on dates.date_on = holiday_days.date_on
),

weights as (
    select
        kinds.date_on,
        kinds.month_start_on,
        coalesce(special_profile.weight, plain_profile.weight) as weight
    from kinds
    inner join day_profile as plain_profile
        on
            kinds.day_kind = plain_profile.day_kind
            and kinds.iso_weekday = plain_profile.iso_weekday
            and plain_profile.holiday_name_en is null
            and plain_profile.valid_to is null
    left join day_profile as special_profile
        on
            kinds.day_kind = special_profile.day_kind
            and kinds.iso_weekday = special_profile.iso_weekday
            and kinds.holiday_name_en = special_profile.holiday_name_en
            and kinds.holiday_day >= special_profile.from_holiday_day
            and kinds.holiday_day <= special_profile.to_holiday_day
            and special_profile.valid_to is null
),

month_weights as (
    select
        month_start_on,
        sum(weight) as month_weight
    from weights
    group by month_start_on
),

days as (
    select
        store_days.*,
        {%- for name, column in mature_sums().items() %}
            store_days.{{ column }} as {{ name }},
        {%- endfor %}
        stores.region_name,
        weights.month_start_on,
        weights.weight,
        month_weights.month_weight,
        case when open_days.business_on is null then 0 else 1 end as open_day_count
    from store_days
    left join open_days on store_days.business_on = open_days.business_on
    inner join stores on store_days.store_key = stores.store_key
    inner join weights on store_days.business_on = weights.date_on
    inner join month_weights on weights.month_start_on = month_weights.month_start_on
    cross join history
    where store_days.business_on >= history.first_on
),

line_sums as (
    select
        service_line_days.store_key,
        service_line_days.business_on,
        revenue_lines.revenue_line,
        sum(service_line_days.revenue_amount) as revenue_amount
    from service_line_days
    inner join revenue_lines on service_line_days.service_line = revenue_lines.service_line
    cross join history
    where service_line_days.business_on >= history.first_on
    group by
        service_line_days.store_key, service_line_days.business_on, revenue_lines.revenue_line
),

measured as (
    select
        watched.metric_code,
        watched.target_code,
        watched.source_system,
        watched.maturity_days,
        days.store_key,
        days.region_name,
        days.business_on,
        days.month_start_on,
        days.weight,
        days.month_weight,
        days.open_day_count,
        {{ metric_part('watched.metric_code', 'numerator') }} as numerator,
        {{ metric_part('watched.metric_code', 'denominator') }} as denominator
    from days
    cross join watched
    where watched.revenue_line is null

    union all

    select
        watched.metric_code,
        watched.target_code,
        watched.source_system,
        watched.maturity_days,
        days.store_key,
        days.region_name,
        days.business_on,
        days.month_start_on,
        days.weight,
        days.month_weight,
        days.open_day_count,
        cast(coalesce(line_sums.revenue_amount, 0) as {{ numeric_type(20, 4) }}) as numerator,
        cast(null as {{ numeric_type(20, 4) }}) as denominator
    from days
    cross join watched
    left join line_sums
        on
            days.store_key = line_sums.store_key
            and days.business_on = line_sums.business_on
            and watched.revenue_line = line_sums.revenue_line
    where watched.revenue_line is not null
),

store_metrics as (
    select
        measured.metric_code,
        measured.store_key,
        measured.region_name,
        measured.business_on,
        {{ add_days('measured.business_on', 'measured.maturity_days') }} as known_on,
        measured.numerator,
        measured.denominator,
        targets.target_value as month_target,
        cast(
            measured.open_day_count * cast(targets.target_value as {{ double_type() }})
            * cast(measured.weight as {{ double_type() }})
            / cast(measured.month_weight as {{ double_type() }}) as {{ numeric_type(18, 6) }}
        ) as day_target,
        case when targets.target_value is null then 0 else measured.open_day_count end
            as target_day_count,
        measured.open_day_count as day_count,
        coalesce(day_checks.unsound_day_count, 0) as unsound_day_count,
        coalesce(day_checks.doubtful_day_count, 0) as doubtful_day_count
    from measured
    left join targets
        on
            measured.target_code = targets.metric_code
            and measured.store_key = targets.store_key
            and measured.month_start_on = targets.month_start_on
            and targets.target_basis = 'full_month'
    left join day_checks
        on
            measured.store_key = day_checks.store_key
            and measured.business_on = day_checks.business_on
            and measured.source_system = day_checks.source_system
    -- What cannot be known is no zero: it raises no alert, and its region stands on the others.
    where measured.numerator is not null
),

marked as (
    select
        *,
        case when unsound_day_count > 0 then numerator else 0 end as unsound_numerator,
        case when unsound_day_count > 0 then denominator else 0 end as unsound_denominator,
        case when unsound_day_count > 0 then day_target else 0 end as unsound_day_target
    from store_metrics
),

scoped as (
    select
        metric_code,
        'store' as scope_kind,
        store_key as scope_key,
        store_key,
        region_name,
        business_on,
        known_on,
        month_target,
        {{ sums | join(', ') }}
    from marked

    union all

    select
        metric_code,
        'region' as scope_kind,
        region_name as scope_key,
        cast(null as {{ dbt.type_string() }}) as store_key,
        region_name,
        business_on,
        known_on,
        cast(null as {{ numeric_type(18, 4) }}) as month_target,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(day_target) as day_target,
        min(target_day_count) as target_day_count,
        max(day_count) as day_count,
        sum(unsound_numerator) as unsound_numerator,
        sum(unsound_denominator) as unsound_denominator,
        sum(unsound_day_target) as unsound_day_target,
        -- A region's day is unsound when every store's is: a part of it is only smaller.
        min(unsound_day_count) as unsound_day_count,
        max(doubtful_day_count) as doubtful_day_count
    from marked
    group by metric_code, region_name, business_on, known_on
),

-- The state of the list of customers at risk, day by day: not a sum, and so no running total.
churn_days as (
    select
        'churn_risk_customers' as metric_code,
        'store' as scope_kind,
        days.store_key as scope_key,
        days.store_key,
        days.region_name,
        days.business_on,
        days.business_on as known_on,
        days.open_day_count,
        count(churn_spells.customer_key) as customer_count,
        sum(churn_spells.yearly_worth_amount) as yearly_worth_amount
    from days
    left join churn_spells
        on
            days.store_key = churn_spells.store_key
            and days.business_on >= churn_spells.from_on
            and days.business_on <= churn_spells.to_on
    group by days.store_key, days.region_name, days.business_on, days.open_day_count
),

final as (
    select
        scoped.metric_code,
        scoped.scope_kind,
        scoped.scope_key,
        scoped.store_key,
        scoped.region_name,
        scoped.business_on,
        scoped.known_on,
        scoped.month_target,
        scoped.day_target,
        scoped.day_count,
        scoped.unsound_day_count,
        cast(null as {{ numeric_type(18, 2) }}) as list_amount,
        {%- for name in sums %}
            cast(
                sum({{ name }}) over (
                    partition by scoped.metric_code, scoped.scope_kind, scoped.scope_key
                    order by scoped.business_on
                    rows between unbounded preceding and current row
                ) as {{ dbt.type_int() if name in counts else numeric_type(24, 6) }}
            ) as running_{{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from scoped
    cross join history
    where scoped.known_on <= history.as_of_on

    union all

    select
        churn_days.metric_code,
        churn_days.scope_kind,
        churn_days.scope_key,
        churn_days.store_key,
        churn_days.region_name,
        churn_days.business_on,
        churn_days.known_on,
        cast(null as {{ numeric_type(18, 4) }}) as month_target,
        cast(null as {{ numeric_type(18, 6) }}) as day_target,
        churn_days.open_day_count as day_count,
        0 as unsound_day_count,
        cast(churn_days.yearly_worth_amount as {{ numeric_type(18, 2) }}) as list_amount,
        {%- for name in sums %}
            cast(
                {{ 'churn_days.customer_count' if name == 'numerator' else 0 }}
                as {{ dbt.type_int() if name in counts else numeric_type(24, 6) }}
            ) as running_{{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from churn_days
)

select * from final
