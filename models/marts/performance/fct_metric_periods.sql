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
{%- set metrics = paired_metrics() -%}
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
        ) as scope_number,
        -- What trends are read from: all days known and none to come.
        store_periods.is_complete
        and store_periods.is_fully_known
        and store_periods.period_kind <> 'year_to_date' as is_whole
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
            scope_number,
            scope_number * {{ metrics | length }} + {{ loop.index0 }} as series_number,
            period_number,
            row_use,
            is_whole,
            {%- for prefix in bases %}
                {#- Alone, the numerator of a ratio would pass for a plain sum. #}
                {%- if metric.denominator %}
                    case
                        when {{ with_prefix(metric.denominator, prefix) }} is not null
                            then
                                cast(
                                    {{ with_prefix(metric.numerator, prefix) }}
                                    as {{ numeric_type(20, 4) }}
                                )
                    end as {{ prefix }}numerator,
                {%- else %}
                    cast({{ with_prefix(metric.numerator, prefix) }} as {{ numeric_type(20, 4) }})
                        as {{ prefix }}numerator,
                {%- endif %}
                cast(
                    {{ with_prefix(metric.denominator or 'null', prefix) }}
                    as {{ numeric_type(20, 4) }}
                ) as {{ prefix }}denominator,
            {%- endfor %}
            {{ 'immature_day_count > 0' if metric.maturity_days else 'false' }} as is_provisional
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
        -- Nothing left to mature, either.
        parts.is_whole and not parts.is_provisional as is_settled,
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

-- Rows before the first one that is put back are only read here. A streak is counted from the last
-- period that did not belong to it.
series as (
    select
        series_number,
        period_number,
        row_use,
        {%- for step in range(1, 6) %}
            lag(trend_value, {{ step }}) over ({{ in_series }}) as trend_value_{{ step }},
        {%- endfor %}
        {%- for streak, goes_on in [
            ('fall', 'step_sign = -1'),
            ('rise', 'step_sign = 1'),
            ('worse', 'worsening > 0'),
            ('better', 'worsening < 0'),
        ] %}
            coalesce(
                max(case when {{ goes_on }} then null else period_number end) over (
                    {{ in_series }} rows between unbounded preceding and current row
                ),
                0
            ) as {{ streak }}_broken_number,
        {%- endfor %}
        lag(worsening) over ({{ in_series }}) as worsening_before
    from worsened
),

placed as (
    select
        worsened.*,
        {%- for step in range(1, 6) %}
            series.trend_value_{{ step }},
        {%- endfor %}
        {%- for streak in ['fall', 'rise', 'worse', 'better'] %}
            series.{{ streak }}_broken_number,
        {%- endfor %}
        series.worsening_before,
        case
            when
                worsened.trend_value is null
                or series.trend_value_1 is null
                or series.trend_value_2 is null
                then null
            when series.trend_value_3 is null then 3
            when series.trend_value_4 is null then 4
            when series.trend_value_5 is null then 5
            else 6
        end as trend_period_count
    from worsened
    inner join series
        on
            worsened.series_number = series.series_number
            and worsened.period_number = series.period_number
            and series.row_use = 'changed'
    where worsened.row_use = 'changed'
),

-- The slope of the straight line of least squares through the last three to six periods.
sloped as (
    select
        *,
        {{ round_half_up(slope, 20, 6) }} as trend_slope
    from placed
),

final as (
    select
        sloped.metric_code,
        changed.scope_kind,
        changed.scope_key,
        changed.store_key,
        changed.region_name,
        changed.period_kind,
        changed.period_start_on,
        changed.period_end_on,
        changed.covered_to_on,
        sloped.unit,
        sloped.direction,
        changed.is_complete,
        changed.is_fully_known,
        sloped.is_provisional,
        sloped.is_settled,
        cast(changed.elapsed_day_count as {{ dbt.type_int() }}) as elapsed_day_count,
        changed.workday_count,
        changed.previous_workday_count,
        changed.last_year_workday_count,
        sloped.factor,
        sloped.points_factor,
        sloped.numerator,
        sloped.denominator,
        sloped.previous_numerator,
        sloped.previous_denominator,
        sloped.last_year_numerator,
        sloped.last_year_denominator,
        sloped.metric_value,
        sloped.previous_value,
        sloped.last_year_value,
        {%- for streak, name in [
            ('fall', 'fall_count'),
            ('rise', 'rise_count'),
            ('worse', 'worsening_count'),
            ('better', 'improving_count'),
        ] %}
            {%- set broken_number = 'sloped.' ~ streak ~ '_broken_number' %}
            case
                when
                    not sloped.is_settled
                    {{ "or sloped.direction = 'neutral'" if name[0] in 'wi' }}
                    then null
                else
                    cast(
                        least(
                            sloped.period_number - {{ broken_number }},
                            limits.lookback_periods
                        )
                        as {{ dbt.type_int() }}
                    )
            end as {{ name }},
        {%- endfor %}
        case
            when sloped.worsening is not null
                then
                    coalesce(
                        sloped.worsening_before > 0
                        and sloped.worsening > sloped.worsening_before,
                        false
                    )
        end as is_accelerating,
        case
            when sloped.step_basis = 'absolute' then sloped.worsening >= sloped.step_size
            when sloped.previous_value <> 0
                then sloped.worsening >= sloped.step_size * abs(sloped.previous_value)
        end as is_step_change,
        case
            when sloped.badness is null then null
            when sloped.worsening is null then 'baseline'
            when sloped.worsening = 0 then 'unchanged'
            when sloped.worsening < 0 then 'improves'
            when
                sloped.worsening_before > 0 and sloped.worsening > sloped.worsening_before
                then 'worsens_faster'
            when sloped.worsening_before > 0 then 'keeps_worsening'
            else 'starts_worsening'
        end as trend_phase,
        cast(sloped.trend_period_count as {{ dbt.type_int() }}) as trend_period_count,
        sloped.trend_slope,
        case
            when sloped.trend_slope = 0 then 'flat'
            when sloped.direction = 'up' and sloped.trend_slope > 0 then 'better'
            when sloped.direction = 'up' and sloped.trend_slope < 0 then 'worse'
            when sloped.direction in ('down', 'band') and sloped.trend_slope > 0 then 'worse'
            when sloped.direction in ('down', 'band') and sloped.trend_slope < 0 then 'better'
        end as trend_judgement
    from sloped
    cross join limits
    inner join changed
        on
            sloped.scope_number = changed.scope_number
            and sloped.period_number = changed.period_number
)

select * from final
