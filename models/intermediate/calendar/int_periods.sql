with

days as (
    select * from {{ ref('int_days') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('daily_trend_days') }} as {{ dbt.type_int() }}) as daily_trend_days,
        cast({{ threshold('trend_lookback_periods') }} as {{ dbt.type_int() }})
            as lookback_periods
),

-- The last days are shown; those just before them are read for their trends, and those 52 weeks
-- earlier are what they are compared with.
trend_days as (
    select
        days.date_on,
        case
            when
                days.date_on > {{ add_days('run_context.as_of_on', '-limits.daily_trend_days') }}
                then 'shown'
            when
                days.date_on > {{ add_days(
                    'run_context.as_of_on',
                    '-limits.daily_trend_days - limits.lookback_periods - 1'
                ) }}
                then 'trend'
            when
                days.date_on
                > {{ add_days('run_context.as_of_on', '-364 - limits.daily_trend_days') }}
                and days.date_on <= {{ add_days('run_context.as_of_on', -364) }}
                then 'base'
        end as period_use
    from days
    cross join run_context
    cross join limits
),

starts as (
    select
        'day' as period_kind,
        date_on as period_start_on,
        date_on as period_end_on,
        {{ add_days('date_on', -1) }} as previous_start_on,
        {{ add_days('date_on', -364) }} as last_year_start_on,
        period_use
    from trend_days
    where period_use is not null

    union distinct

    select
        'week' as period_kind,
        dates.week_start_on as period_start_on,
        {{ add_days('dates.week_start_on', 6) }} as period_end_on,
        {{ add_days('dates.week_start_on', -7) }} as previous_start_on,
        {{ add_days('dates.week_start_on', -364) }} as last_year_start_on,
        'shown' as period_use
    from days
    inner join dates on days.date_on = dates.date_on
    {% for kind in ['month', 'year_to_date'] %}
        union distinct

        select
            '{{ kind }}' as period_kind,
            dates.month_start_on as period_start_on,
            {{ add_days(month_start(add_days('dates.month_start_on', 31)), -1) }} as period_end_on,
            {%- if kind == 'month' %}
                {{ month_start(add_days('dates.month_start_on', -1)) }} as previous_start_on,
            {%- else %}
                -- A year so far has grown by a month since the month before: nothing to compare.
                cast(null as date) as previous_start_on,
            {%- endif %}
            {{ year_before('dates.month_start_on') }} as last_year_start_on,
            'shown' as period_use
        from days
        inner join dates on days.date_on = dates.date_on
    {% endfor %}
    union distinct

    select
        'quarter' as period_kind,
        {{ quarter_start('days.date_on') }} as period_start_on,
        {{ add_days(quarter_start(add_days(quarter_start('days.date_on'), 92)), -1) }}
            as period_end_on,
        {{ quarter_start(add_days(quarter_start('days.date_on'), -1)) }} as previous_start_on,
        {{ year_before(quarter_start('days.date_on')) }} as last_year_start_on,
        'shown' as period_use
    from days
),

placed as (
    select
        starts.*,
        case
            when starts.period_kind = 'year_to_date'
                then {{ year_start('starts.period_start_on') }}
            else starts.period_start_on
        end as first_on,
        least(starts.period_end_on, run_context.as_of_on) as covered_to_on,
        starts.period_end_on <= run_context.as_of_on as is_complete,
        {{ days_between(
            'starts.period_start_on', 'least(starts.period_end_on, run_context.as_of_on)'
        ) }} + 1 as elapsed_day_count
    from starts
    cross join run_context
),

-- The days each period is compared with: whole periods with whole ones, a running one with as many
-- days from the beginning of the earlier one.
compared as (
    select
        placed.*,
        previous_periods.first_on as previous_first_on,
        case
            when placed.is_complete then previous_periods.period_end_on
            else least(
                previous_periods.period_end_on,
                {{ add_days('placed.previous_start_on', 'placed.elapsed_day_count - 1') }}
            )
        end as previous_last_on,
        last_year_periods.first_on as last_year_first_on,
        case
            when placed.is_complete then last_year_periods.period_end_on
            else least(
                last_year_periods.period_end_on,
                {{ add_days('placed.last_year_start_on', 'placed.elapsed_day_count - 1') }}
            )
        end as last_year_last_on
    from placed
    left join placed as previous_periods
        on
            placed.period_kind = previous_periods.period_kind
            and placed.previous_start_on = previous_periods.period_start_on
    left join placed as last_year_periods
        on
            placed.period_kind = last_year_periods.period_kind
            and placed.last_year_start_on = last_year_periods.period_start_on
),

workday_totals as (
    select
        date_on,
        case when is_workday then 1 else 0 end as workday_count,
        sum(case when is_workday then 1 else 0 end) over (
            order by date_on rows between unbounded preceding and current row
        ) as workday_total
    from dates
),

final as (
    select
        compared.*,
        cast(
            lasts.workday_total - firsts.workday_total
            + firsts.workday_count as {{ dbt.type_int() }}
        ) as workday_count,
        cast(
            previous_lasts.workday_total - previous_firsts.workday_total
            + previous_firsts.workday_count as {{ dbt.type_int() }}
        ) as previous_workday_count,
        cast(
            last_year_lasts.workday_total - last_year_firsts.workday_total
            + last_year_firsts.workday_count as {{ dbt.type_int() }}
        ) as last_year_workday_count,
        row_number() over (
            partition by compared.period_kind order by compared.period_start_on
        ) as period_number
    from compared
    left join workday_totals as firsts
        on compared.first_on = firsts.date_on
    left join workday_totals as lasts
        on compared.covered_to_on = lasts.date_on
    left join workday_totals as previous_firsts
        on compared.previous_first_on = previous_firsts.date_on
    left join workday_totals as previous_lasts
        on compared.previous_last_on = previous_lasts.date_on
    left join workday_totals as last_year_firsts
        on compared.last_year_first_on = last_year_firsts.date_on
    left join workday_totals as last_year_lasts
        on compared.last_year_last_on = last_year_lasts.date_on
)

select * from final
