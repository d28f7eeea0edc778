-- depends_on: {{ ref('int_changed_periods') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_changed_periods() }}",
    )
}}

{#-
  One row for a metric, a scope and a period: its sums beside those of the period before and of the
  same period a year earlier, and how it has moved. Ratios are divided by whoever asks; the values
  rounded to six places are kept only to rank, compare and find streaks inside SQL.
-#}
{%- set metrics = store_metrics() -%}
{%- set bases = ['', 'previous_', 'last_year_'] -%}
{%- set in_series = 'partition by series_number order by period_number' -%}
{%- set slope -%}
    case trend_period_count
        when 3 then cast(trend_value - trend_value_2 as {{ double_type() }}) / 2
        when 4
            then
                cast(
                    3 * trend_value + trend_value_1 - trend_value_2 - 3 * trend_value_3
                    as {{ double_type() }}
                ) / 10
        when 5
            then
                cast(
                    2 * trend_value + trend_value_1 - trend_value_3 - 2 * trend_value_4
                    as {{ double_type() }}
                ) / 10
        when 6
            then
                cast(
                    5 * trend_value
                    + 3 * trend_value_1
                    + trend_value_2
                    - trend_value_3
                    - 3 * trend_value_4
                    - 5 * trend_value_5
                    as {{ double_type() }}
                ) / 35
    end
{%- endset -%}

with

store_periods as (
    select * from {{ ref('int_store_period_bases') }}
),

{% if is_incremental() %}
    changed_periods as (
        select * from {{ ref('int_changed_periods') }}
        where period_use <> 'gone'
    ),
{% endif %}
metrics as (
    select * from {{ ref('int_metrics') }}
),

limits as (
    select
        cast({{ threshold('trend_lookback_periods') }} as {{ dbt.type_int() }})
            as lookback_periods
),

-- A scope and a kind of period is a series; a number tells it apart faster than three names.
changed as (
    select
        store_periods.*,
        {%- if is_incremental() %}
            changed_periods.period_use as row_use,
        {%- else %}
            case when store_periods.period_use = 'shown' then 'changed' else 'trend' end as row_use,
        {%- endif %}
        dense_rank() over (
            order by
                store_periods.scope_kind, store_periods.scope_key, store_periods.period_kind
        ) as scope_number
    from store_periods
    {%- if is_incremental() %}
        inner join changed_periods
            on
                store_periods.scope_kind = changed_periods.scope_kind
                and store_periods.scope_key = changed_periods.scope_key
                and store_periods.period_kind = changed_periods.period_kind
                and store_periods.period_start_on = changed_periods.period_start_on
    {%- endif %}
),

parts as (
    {%- for metric in metrics %}
        select
            '{{ metric.code }}' as metric_code,
            scope_number * {{ metrics | length }} + {{ loop.index0 }} as series_number,
            period_number,
            row_use,
            scope_kind,
            scope_key,
            store_key,
            region_name,
            period_kind,
            period_start_on,
            period_end_on,
            covered_to_on,
            is_complete,
            is_fully_known,
            {{ 'immature_day_count > 0' if metric.maturity_days else 'false' }} as is_provisional,
            elapsed_day_count,
            workday_count,
            previous_workday_count,
            {%- for prefix in bases %}
                cast({{ with_prefix(metric.numerator, prefix) }} as {{ numeric_type(20, 4) }})
                    as {{ prefix }}numerator,
                cast(
                    {{ with_prefix(metric.denominator or 'null', prefix) }}
                    as {{ numeric_type(20, 4) }}
                ) as {{ prefix }}denominator,
            {%- endfor %}
            last_year_workday_count
        from changed
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

valued as (
    select
        parts.*,
        metrics.unit,
        metrics.direction,
        metrics.factor,
        metrics.points_factor,
        metrics.band_lower,
        metrics.band_upper,
        metrics.step_basis,
        metrics.step_size,
        -- What trends are read from: all days known, none to come, none to mature.
        parts.is_complete
        and parts.is_fully_known
        and not parts.is_provisional
        and parts.period_kind <> 'year_to_date' as is_settled,
        {{ metric_value('parts.numerator', 'parts.denominator', 'metrics.factor') }}
            as metric_value,
        {{ metric_value(
            'parts.previous_numerator', 'parts.previous_denominator', 'metrics.factor'
        ) }} as previous_value,
        {{ metric_value(
            'parts.last_year_numerator', 'parts.last_year_denominator', 'metrics.factor'
        ) }} as last_year_value
    from parts
    inner join metrics on parts.metric_code = metrics.metric_code
),

moved as (
    select
        *,
        case
            when is_settled and metric_value > previous_value then 1
            when is_settled and metric_value < previous_value then -1
            when is_settled and metric_value = previous_value then 0
        end as step_sign,
        case when is_settled then {{ badness(
            'metric_value', 'direction', 'band_lower', 'band_upper'
        ) }} end as badness,
        case when is_settled then {{ badness(
            'previous_value', 'direction', 'band_lower', 'band_upper'
        ) }} end as previous_badness
    from valued
),

worsened as (
    select
        *,
        badness - previous_badness as worsening,
        -- Nothing is better or worse in a neutral metric, yet it can have a trend.
        case
            when not is_settled then null
            when direction = 'band' then badness
            else metric_value
        end as trend_value
    from moved
),

placed as (
    select
        *,
        {%- for step in range(1, 6) %}
            lag(trend_value, {{ step }}) over ({{ in_series }}) as trend_value_{{ step }},
        {%- endfor %}
        lag(worsening) over ({{ in_series }}) as worsening_before
    from worsened
),

-- A streak is counted from the last period that did not belong to it.
broken as (
    select
        placed.*,
        {%- for streak, goes_on in [
            ('fall', 'placed.step_sign = -1'),
            ('rise', 'placed.step_sign = 1'),
            ('worse', 'placed.worsening > 0'),
            ('better', 'placed.worsening < 0'),
        ] %}
            coalesce(
                max(case when {{ goes_on }} then null else placed.period_number end) over (
                    {{ in_series }} rows between unbounded preceding and current row
                ),
                0
            ) as {{ streak }}_broken_number,
        {%- endfor %}
        case
            when
                placed.trend_value is null
                or placed.trend_value_1 is null
                or placed.trend_value_2 is null
                then null
            when placed.trend_value_3 is null then 3
            when placed.trend_value_4 is null then 4
            when placed.trend_value_5 is null then 5
            else 6
        end as trend_period_count,
        limits.lookback_periods
    from placed
    cross join limits
),

-- The slope of the straight line of least squares through the last three to six periods.
sloped as (
    select
        *,
        {{ round_half_up(slope, 20, 6) }} as trend_slope
    from broken
    where row_use = 'changed'
),

final as (
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        period_kind,
        period_start_on,
        period_end_on,
        covered_to_on,
        unit,
        direction,
        is_complete,
        is_fully_known,
        is_provisional,
        is_settled,
        cast(elapsed_day_count as {{ dbt.type_int() }}) as elapsed_day_count,
        workday_count,
        previous_workday_count,
        last_year_workday_count,
        factor,
        points_factor,
        numerator,
        denominator,
        previous_numerator,
        previous_denominator,
        last_year_numerator,
        last_year_denominator,
        metric_value,
        previous_value,
        last_year_value,
        {%- for streak, name in [
            ('fall', 'fall_count'),
            ('rise', 'rise_count'),
            ('worse', 'worsening_count'),
            ('better', 'improving_count'),
        ] %}
            case
                when not is_settled {{ "or direction = 'neutral'" if name[0] in 'wi' }} then null
                else
                    cast(
                        least(period_number - {{ streak }}_broken_number, lookback_periods)
                        as {{ dbt.type_int() }}
                    )
            end as {{ name }},
        {%- endfor %}
        case
            when worsening is not null
                then coalesce(worsening_before > 0 and worsening > worsening_before, false)
        end as is_accelerating,
        case
            when step_basis = 'absolute' then worsening >= step_size
            when previous_value <> 0 then worsening >= step_size * abs(previous_value)
        end as is_step_change,
        case
            when badness is null then null
            when worsening is null then 'baseline'
            when worsening = 0 then 'unchanged'
            when worsening < 0 then 'improves'
            when worsening_before > 0 and worsening > worsening_before then 'worsens_faster'
            when worsening_before > 0 then 'keeps_worsening'
            else 'starts_worsening'
        end as trend_phase,
        cast(trend_period_count as {{ dbt.type_int() }}) as trend_period_count,
        trend_slope,
        case
            when trend_slope = 0 then 'flat'
            when direction = 'up' and trend_slope > 0 then 'better'
            when direction = 'up' and trend_slope < 0 then 'worse'
            when direction in ('down', 'band') and trend_slope > 0 then 'worse'
            when direction in ('down', 'band') and trend_slope < 0 then 'better'
        end as trend_judgement
    from sloped
)

select * from final
