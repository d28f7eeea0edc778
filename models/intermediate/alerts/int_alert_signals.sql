{#-
  Each rule, scope and day with its colour. A deviation is positive when it goes the wrong way. The colour
  is found a second time over the sound days alone: what changes then is an alert about data.
-#}

with

alert_rules as (
    select * from {{ ref('alert_rules') }}
    where status = 'active'
),

alert_values as (
    select * from {{ ref('int_alert_values') }}
),

limits as (
    select {{ threshold('alert_doubtful_share') }} as doubtful_share
),

ruled as (
    select
        alert_rules.comparison,
        alert_rules.deviation_unit,
        alert_rules.count_mode,
        alert_rules.band_low,
        alert_rules.band_high,
        alert_rules.yellow_at,
        alert_rules.is_yellow_inclusive,
        alert_rules.red_at,
        alert_rules.is_red_inclusive,
        alert_rules.yellow_streak,
        alert_rules.red_streak,
        alert_rules.min_change,
        alert_rules.min_days,
        alert_rules.min_sample,
        alert_values.*
    from alert_values
    inner join alert_rules
        on
            alert_values.rule_id = alert_rules.rule_id
            and alert_values.version = alert_rules.version
            and alert_values.evaluated_on >= alert_rules.valid_from
            and (alert_rules.valid_to is null or alert_values.evaluated_on < alert_rules.valid_to)
            and alert_values.day_count >= alert_rules.min_days
            and (
                alert_rules.min_sample = 0
                or not alert_values.is_ratio
                or alert_values.sample_size >= alert_rules.min_sample
            )
),

-- How far the value lies on the wrong side of its reference, and of the top of a streak.
gaps as (
    select
        *,
        {%- for prefix in ['', 'sound_'] %}
            good_sign * ({{ prefix }}reference_value - {{ prefix }}observed_value)
                as {{ prefix }}gap,
            cast(
                good_sign * ({{ prefix }}top_value - {{ prefix }}observed_value)
                as {{ numeric_type(20, 6) }}
            ) as {{ prefix }}change_size
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from ruled
),

measured as (
    select
        *,
        {%- for prefix in ['', 'sound_'] %}
            cast(
                case
                    when {{ prefix }}observed_value is null then null
                    when comparison = 'progress'
                        then
                            100 * cast({{ prefix }}gap as {{ double_type() }})
                            / cast(nullif(month_target, 0) as {{ double_type() }})
                    when
                        comparison in ('target', 'streak_target', 'region_mean', 'previous')
                        and deviation_unit = 'percent'
                        then
                            100 * cast({{ prefix }}gap as {{ double_type() }})
                            / abs(
                                cast(
                                    nullif({{ prefix }}reference_value, 0) as {{ double_type() }}
                                )
                            )
                    when comparison = 'previous' and deviation_unit = 'pp'
                        then 100 * {{ prefix }}gap
                    when comparison = 'previous' then {{ prefix }}gap
                    when comparison = 'band'
                        then
                            100 * greatest(
                                band_low - {{ prefix }}observed_value,
                                {{ prefix }}observed_value - band_high,
                                0
                            )
                    when comparison = 'list' then {{ prefix }}observed_value
                    when comparison = 'level' then 100 - {{ prefix }}observed_value
                    -- The streaks that remain: what is not falling has not gone wrong.
                    when {{ prefix }}drop_count = 0 then 0
                    when comparison = 'streak' then {{ prefix }}gap
                    when comparison = 'acceleration'
                        then coalesce({{ prefix }}gap - {{ prefix }}last_fall, 0)
                end as {{ numeric_type(20, 6) }}
            ) as {{ prefix }}deviation
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from gaps
),

evaluated as (
    select
        *,
        case
            when {{ passes('deviation', 'yellow_at', 'is_yellow_inclusive') }} then 1
            else 0
        end as hit,
        case
            when
                unsound_day_count = 0
                and {{ passes('deviation', 'yellow_at', 'is_yellow_inclusive') }}
                then 1
            else 0
        end as sound_hit,
        case when unsound_day_count > 0 then 1 else 0 end as is_left_out
    from measured
    where deviation is not null
),

-- Days in a row below target. Without the unsound days the row goes on over them.
day_groups as (
    select
        *,
        sum(1 - hit) over (
            partition by rule_id, version, scope_key
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as group_number,
        sum((1 - sound_hit) * (1 - is_left_out)) over (
            partition by rule_id, version, scope_key
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as sound_group_number
    from evaluated
    where comparison = 'streak_target'
),

day_streaks as (
    select
        rule_id,
        version,
        scope_key,
        evaluated_on,
        sum(hit) over (
            partition by rule_id, version, scope_key, group_number
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as streak_length,
        sum(sound_hit) over (
            partition by rule_id, version, scope_key, sound_group_number
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as sound_streak_length,
        min(case when hit = 1 then window_from_on end) over (
            partition by rule_id, version, scope_key, group_number
        ) as streak_from_on
    from day_groups
),

lengths as (
    select
        evaluated.*,
        case
            when evaluated.comparison = 'streak_target' and evaluated.hit = 1
                then day_streaks.streak_from_on
            else evaluated.window_from_on
        end as evidence_from_on,
        {%- for prefix in ['', 'sound_'] %}
            {%- set own = 'evaluated.' ~ prefix %}
            case
                when evaluated.comparison = 'streak_target' and evaluated.hit = 1
                    then {{ 'day_streaks.' ~ prefix }}streak_length
                when evaluated.count_mode = 'points' and {{ own }}drop_count > 0
                    then {{ own }}drop_count + 1
                else coalesce({{ own }}drop_count, 0)
            end as {{ prefix }}streak_length,
            case
                when evaluated.comparison = 'streak_target' then evaluated.deviation
                else {{ own }}deviation
            end as {{ prefix }}judged_deviation
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from evaluated
    left join day_streaks
        on
            evaluated.rule_id = day_streaks.rule_id
            and evaluated.version = day_streaks.version
            and evaluated.scope_key = day_streaks.scope_key
            and evaluated.evaluated_on = day_streaks.evaluated_on
),

coloured as (
    select
        *,
        {%- for prefix in ['', 'sound_'] %}
            case
                when {{ prefix }}judged_deviation is null then null
                {%- for colour in ['red', 'yellow'] %}
                    when
                        {{ passes(
                            prefix ~ 'judged_deviation', colour ~ '_at', 'is_' ~ colour ~ '_inclusive'
                        ) }}
                        and (
                            ({{ colour }}_streak is null and comparison <> 'streak_target')
                            or {{ colour }}_streak <= {{ prefix }}streak_length
                        )
                        -- A few pieces more are no growth.
                        and (min_sample = 0 or is_ratio or min_sample <= sample_size)
                        and (min_change is null or min_change <= {{ prefix }}change_size)
                        then '{{ colour }}'
                {%- endfor %}
                else 'green'
            end as {{ prefix }}colour
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from lengths
),

final as (
    select
        coloured.rule_id,
        coloured.version,
        coloured.scope_kind,
        coloured.scope_key,
        coloured.store_key,
        coloured.region_name,
        coloured.evaluated_on,
        coloured.evidence_from_on as window_from_on,
        coloured.window_to_on,
        coloured.observed_value as signal_value,
        coloured.reference_value,
        coloured.deviation,
        cast(coloured.streak_length as {{ dbt.type_int() }}) as streak_length,
        coloured.last_fall,
        coloured.sample_size,
        coloured.list_amount,
        coloured.colour,
        coloured.sound_observed_value as sound_value,
        coloured.sound_deviation,
        coloured.sound_colour,
        coloured.day_count,
        coloured.unsound_day_count,
        coloured.doubtful_day_count,
        case
            when coloured.colour = 'green' then null
            when coloured.sound_day_count <= 0 and coloured.comparison <> 'streak_target'
                then 'data'
            when coalesce(coloured.sound_colour, 'green') = 'green' then 'data'
            when
                coloured.sound_colour <> coloured.colour
                or (
                    coloured.sound_day_count < coloured.min_days
                    and coloured.comparison <> 'streak_target'
                )
                or limits.doubtful_share * coloured.day_count
                <= coloured.doubtful_day_count - coloured.unsound_day_count
                then 'uncertain'
            else 'business'
        end as classification
    from coloured
    cross join limits
)

select * from final
