{#-
  What each active rule looks at on each day: the value of its window and the reference it is measured
  by, once over all days and once over the sound ones (`sound_`).
-#}
{{ config(materialized='ephemeral') }}

{%- set sums = ['numerator', 'denominator', 'day_target', 'target_day_count', 'day_count'] -%}

with

alert_rules as (
    select * from {{ ref('alert_rules') }}
    where status = 'active'
),

alert_days as (
    select * from {{ ref('int_alert_days') }}
),

scores as (
    select * from {{ ref('fct_scores') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('alert_history_months') }} as {{ dbt.type_int() }}) as history_months
),

metrics as (
    {{ metric_facts() }}
),

history as (
    select {{ history_start('run_context.as_of_on', 'limits.history_months') }} as first_on
    from run_context
    cross join limits
),

windows as (
    select
        alert_rules.rule_id,
        alert_rules.version,
        alert_rules.comparison,
        alert_rules.is_daily_mean,
        alert_rules.min_sample,
        alert_rules.min_days,
        coalesce(metrics.factor, 1) as factor,
        coalesce(metrics.is_ratio, false) as is_ratio,
        -- Revenue of a line is no metric of the library: more of it is good.
        case when coalesce(metrics.direction, 'up') = 'up' then 1 else -1 end as good_sign,
        case alert_rules.window_kind
            when 'week' then dates.week_start_on
            when 'month' then dates.month_start_on
            else {{ add_days('alert_days.business_on', '1 - alert_rules.window_days') }}
        end as window_from_on,
        -- Only where it is compared: an empty key joins to nothing, and fast.
        case
            when alert_rules.comparison <> 'previous' then null
            when alert_rules.window_kind = 'week' then {{ add_days('dates.week_start_on', -8) }}
            when alert_rules.window_kind = 'month'
                then {{ add_days(month_start(add_days('dates.month_start_on', -1)), -1) }}
            else {{ add_days('alert_days.business_on', '-2 * alert_rules.window_days') }}
        end as before_reference_on,
        case when alert_rules.comparison = 'region_mean' then alert_days.region_name end
            as compared_region_name,
        case alert_rules.window_kind
            when 'week' then dates.iso_weekday = 7
            when 'month'
                then extract(day from {{ add_days('alert_days.business_on', 1) }}) = 1
        end as is_period_end,
        alert_days.*
    from alert_rules
    inner join alert_days
        on
            alert_rules.metric_code = alert_days.metric_code
            and alert_rules.scope_kind = alert_days.scope_kind
    inner join dates on alert_days.business_on = dates.date_on
    left join metrics on alert_rules.metric_code = metrics.metric_code
    where alert_rules.comparison not in ('list', 'level')
),

region_days as (
    select * from alert_days
    where scope_kind = 'region'
),

-- The sums of the window and of the window before it, over all days and over the sound ones.
summed as (
    select
        windows.rule_id,
        windows.version,
        windows.metric_code,
        windows.comparison,
        windows.is_daily_mean,
        windows.min_sample,
        windows.min_days,
        windows.factor,
        windows.is_ratio,
        windows.good_sign,
        windows.scope_kind,
        windows.scope_key,
        windows.store_key,
        windows.region_name,
        windows.business_on,
        windows.known_on,
        windows.window_from_on,
        windows.is_period_end,
        windows.day_count as is_open_count,
        windows.month_target,
        {{ window_sum('unsound_day_count', 'windows', 'day_before') }} as unsound_day_count,
        {{ window_sum('doubtful_day_count', 'windows', 'day_before') }} as doubtful_day_count,
        {%- for name in sums %}
            {{ window_sum(name, 'windows', 'day_before') }} as {{ name }},
        {%- endfor %}
        {{ window_sum('numerator', 'windows', 'day_before') }}
        - {{ window_sum('unsound_numerator', 'windows', 'day_before') }} as sound_numerator,
        {{ window_sum('denominator', 'windows', 'day_before') }}
        - {{ window_sum('unsound_denominator', 'windows', 'day_before') }} as sound_denominator,
        {{ window_sum('day_target', 'windows', 'day_before') }}
        - {{ window_sum('unsound_day_target', 'windows', 'day_before') }} as sound_day_target,
        {{ window_sum('day_count', 'windows', 'day_before') }}
        - {{ window_sum('unsound_day_count', 'windows', 'day_before') }} as sound_day_count,
        {{ window_sum('numerator', 'day_before', 'day_before_reference') }} as earlier_numerator,
        {{ window_sum('denominator', 'day_before', 'day_before_reference') }}
            as earlier_denominator,
        {{ window_sum('day_count', 'day_before', 'day_before_reference') }} as earlier_day_count,
        {{ window_sum('numerator', 'day_before', 'day_before_reference') }}
        - {{ window_sum('unsound_numerator', 'day_before', 'day_before_reference') }}
            as sound_earlier_numerator,
        {{ window_sum('denominator', 'day_before', 'day_before_reference') }}
        - {{ window_sum('unsound_denominator', 'day_before', 'day_before_reference') }}
            as sound_earlier_denominator,
        {{ window_sum('day_count', 'day_before', 'day_before_reference') }}
        - {{ window_sum('unsound_day_count', 'day_before', 'day_before_reference') }}
            as sound_earlier_day_count,
        {{ window_sum('numerator', 'region_day', 'region_day_before') }} as region_numerator,
        {{ window_sum('denominator', 'region_day', 'region_day_before') }} as region_denominator
    from windows
    left join alert_days as day_before
        on
            windows.metric_code = day_before.metric_code
            and windows.scope_kind = day_before.scope_kind
            and windows.scope_key = day_before.scope_key
            and {{ add_days('windows.window_from_on', -1) }} = day_before.business_on
    left join alert_days as day_before_reference
        on
            windows.metric_code = day_before_reference.metric_code
            and windows.scope_kind = day_before_reference.scope_kind
            and windows.scope_key = day_before_reference.scope_key
            and windows.before_reference_on = day_before_reference.business_on
    left join region_days as region_day
        on
            windows.metric_code = region_day.metric_code
            and windows.compared_region_name = region_day.scope_key
            and windows.business_on = region_day.business_on
    left join region_days as region_day_before
        on
            windows.metric_code = region_day_before.metric_code
            and windows.compared_region_name = region_day_before.scope_key
            and {{ add_days('windows.window_from_on', -1) }} = region_day_before.business_on
),

valued as (
    select
        summed.*,
        coalesce(summed.denominator, summed.numerator) as sample_size,
        coalesce(summed.earlier_denominator, summed.earlier_numerator) as earlier_sample_size,
        {%- for prefix in ['', 'sound_'] %}
            {{ metric_value(
                'summed.' ~ prefix ~ 'numerator', 'summed.' ~ prefix ~ 'denominator',
                'summed.factor'
            ) }} as {{ prefix }}window_value,
            {{ metric_value(
                'summed.' ~ prefix ~ 'earlier_numerator',
                'summed.' ~ prefix ~ 'earlier_denominator',
                'summed.factor'
            ) }} as {{ prefix }}earlier_value,
        {%- endfor %}
        {{ metric_value(
            'summed.region_numerator', 'summed.region_denominator', 'summed.factor'
        ) }} as region_value
    from summed
),

-- Whole weeks and months of the rules that watch a streak, and how long each has been falling.
periods as (
    select
        *,
        lag(window_value) over (
            partition by rule_id, version, scope_key
            order by business_on
        ) as previous_value,
        lag(sound_window_value) over (
            partition by rule_id, version, scope_key
            order by business_on
        ) as sound_previous_value,
        lag(business_on) over (
            partition by rule_id, version, scope_key
            order by business_on
        ) as previous_end_on
    from valued
    where
        comparison in ('streak', 'acceleration')
        and is_period_end
        and sample_size >= min_sample
),

period_steps as (
    select
        *,
        case
            when {{ add_days('previous_end_on', 1) }} = window_from_on
                then good_sign * (previous_value - window_value)
        end as fall,
        case
            when {{ add_days('previous_end_on', 1) }} = window_from_on
                then good_sign * (sound_previous_value - sound_window_value)
        end as sound_fall
    from periods
),

period_groups as (
    select
        *,
        {%- for prefix in ['', 'sound_'] %}
            sum(case when {{ prefix }}fall > 0 then 0 else 1 end) over (
                partition by rule_id, version, scope_key
                order by business_on
                rows between unbounded preceding and current row
            ) as {{ prefix }}group_number
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from period_steps
),

streaks as (
    select
        rule_id,
        version,
        scope_key,
        business_on,
        {%- for prefix in ['', 'sound_'] %}
            {{ prefix }}window_value,
            {{ prefix }}fall,
            row_number() over (
                partition by rule_id, version, scope_key, {{ prefix }}group_number
                order by business_on
            ) - 1 as {{ prefix }}drop_count,
            first_value({{ prefix }}window_value) over (
                partition by rule_id, version, scope_key, {{ prefix }}group_number
                order by business_on
            ) as {{ prefix }}top_value,
        {%- endfor %}
        min(case when fall > 0 then window_from_on end) over (
            partition by rule_id, version, scope_key, group_number
        ) as first_drop_on
    from period_groups
),

joined as (
    select
        valued.*,
        streaks.first_drop_on,
        {%- for prefix in ['', 'sound_'] %}
            {{ 'streaks.' ~ prefix }}window_value
                as {{ prefix }}period_value,
            {{ 'streaks.' ~ prefix }}top_value,
            {{ 'streaks.' ~ prefix }}fall as {{ prefix }}period_fall,
            {{ 'streaks.' ~ prefix }}drop_count
                as {{ prefix }}period_drop_count
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from valued
    cross join history
    left join streaks
        on
            valued.rule_id = streaks.rule_id
            and valued.version = streaks.version
            and valued.scope_key = streaks.scope_key
            and {{ add_days('valued.window_from_on', -1) }} = streaks.business_on
    where valued.known_on >= history.first_on and valued.is_open_count > 0
),

streaked as (
    select
        *,
        {%- for prefix in ['', 'sound_'] %}
            case when {{ prefix }}period_drop_count > 0 then {{ prefix }}period_fall end
                as {{ prefix }}last_fall,
            case
                when good_sign * ({{ prefix }}period_value - {{ prefix }}window_value) > 0
                    then {{ prefix }}period_drop_count + 1
                when {{ prefix }}period_value is not null then 0
            end as {{ prefix }}drop_count
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from joined
),

-- Sums and targets as a mean by open day, where the rule shows them so.
averaged as (
    select
        *,
        {%- for prefix in ['', 'sound_'] %}
            cast(
                case when is_daily_mean then nullif({{ prefix }}day_count, 0) else 1 end
                as {{ double_type() }}
            ) as {{ prefix }}divisor
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from streaked
),

compared as (
    select
        rule_id,
        version,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        known_on as evaluated_on,
        case
            when comparison in ('streak', 'acceleration') and drop_count > 1 then first_drop_on
            else window_from_on
        end as window_from_on,
        business_on as window_to_on,
        good_sign,
        is_ratio,
        day_count,
        unsound_day_count,
        doubtful_day_count,
        case
            when comparison = 'previous' and is_ratio
                then least(sample_size, earlier_sample_size)
            else sample_size
        end as sample_size,
        sound_day_count,
        cast(null as {{ numeric_type(18, 2) }}) as list_amount,
        {%- for prefix in ['', 'sound_'] %}
            cast(
                cast({{ prefix }}window_value as {{ double_type() }}) / {{ prefix }}divisor
                as {{ numeric_type(20, 6) }}
            ) as {{ prefix }}observed_value,
            cast(
                case
                    when comparison in ('target', 'streak_target', 'progress')
                        then
                            case
                                when is_ratio then month_target
                                when target_day_count >= day_count
                                    then
                                        cast({{ prefix }}day_target as {{ double_type() }})
                                        / {{ prefix }}divisor
                            end
                    -- A store that has just opened has no window before this one.
                    when comparison = 'previous' and earlier_day_count >= min_days
                        then {{ prefix }}earlier_value
                    when comparison = 'region_mean' then region_value
                    when comparison = 'streak' then {{ prefix }}top_value
                    when comparison = 'acceleration' then {{ prefix }}period_value
                end as {{ numeric_type(20, 6) }}
            ) as {{ prefix }}reference_value,
            {{ prefix }}drop_count,
            {{ prefix }}last_fall,
            {{ prefix }}top_value,
        {%- endfor %}
        cast(month_target as {{ numeric_type(20, 6) }}) as month_target
    from averaged
),

list_days as (
    select
        alert_rules.rule_id,
        alert_rules.version,
        alert_days.scope_kind,
        alert_days.scope_key,
        alert_days.store_key,
        alert_days.region_name,
        alert_days.known_on as evaluated_on,
        alert_days.business_on as window_from_on,
        alert_days.business_on as window_to_on,
        cast(alert_days.running_numerator as {{ numeric_type(20, 6) }}) as list_value,
        alert_days.list_amount
    from alert_rules
    inner join alert_days
        on
            alert_rules.metric_code = alert_days.metric_code
            and alert_rules.scope_kind = alert_days.scope_kind
    cross join history
    where
        alert_rules.comparison = 'list'
        and alert_days.known_on >= history.first_on
        and alert_days.day_count > 0
),

-- A score is judged once, when its month is over.
score_months as (
    select
        alert_rules.rule_id,
        alert_rules.version,
        scores.scope_kind,
        scores.scope_key,
        scores.store_key,
        scores.region_name,
        {{ add_days(month_start(add_days('scores.month_start_on', 31)), -1) }} as evaluated_on,
        scores.month_start_on as window_from_on,
        cast(scores.total_score as {{ numeric_type(20, 6) }}) as list_value
    from alert_rules
    inner join scores
        on
            alert_rules.scope_kind = scores.scope_kind
            and alert_rules.rule_set_code = scores.rule_set_code
    cross join history
    where
        alert_rules.comparison = 'level'
        and scores.part_code = 'total'
        and scores.is_complete
        and scores.month_start_on >= history.first_on
),

states as (
    select
        rule_id,
        version,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        evaluated_on,
        window_from_on,
        window_to_on,
        list_value,
        list_amount
    from list_days

    union all

    select
        rule_id,
        version,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        evaluated_on,
        window_from_on,
        evaluated_on as window_to_on,
        list_value,
        cast(null as {{ numeric_type(18, 2) }}) as list_amount
    from score_months
),

final as (
    select * from compared

    union all

    select
        rule_id,
        version,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        evaluated_on,
        window_from_on,
        window_to_on,
        -1 as good_sign,
        false as is_ratio,
        1 as day_count,
        0 as unsound_day_count,
        0 as doubtful_day_count,
        list_value as sample_size,
        1 as sound_day_count,
        list_amount,
        {%- for prefix in ['', 'sound_'] %}
            list_value as {{ prefix }}observed_value,
            cast(null as {{ numeric_type(20, 6) }}) as {{ prefix }}reference_value,
            cast(null as {{ dbt.type_int() }}) as {{ prefix }}drop_count,
            cast(null as {{ numeric_type(20, 6) }}) as {{ prefix }}last_fall,
            cast(null as {{ numeric_type(20, 6) }}) as {{ prefix }}top_value,
        {%- endfor %}
        cast(null as {{ numeric_type(20, 6) }}) as month_target
    from states
)

select * from final
