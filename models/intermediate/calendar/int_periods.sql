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
    select cast({{ threshold('daily_trend_days') }} as {{ dbt.type_int() }}) as daily_trend_days
),

starts as (
    select
        'day' as period_kind,
        days.date_on as period_start_on,
        days.date_on as period_end_on,
        {{ add_days('days.date_on', -1) }} as previous_start_on,
        {{ add_days('days.date_on', -364) }} as last_year_start_on
    from days
    cross join run_context
    cross join limits
    where days.date_on > {{ add_days('run_context.as_of_on', '-limits.daily_trend_days') }}

    union distinct

    select
        'week' as period_kind,
        dates.week_start_on as period_start_on,
        {{ add_days('dates.week_start_on', 6) }} as period_end_on,
        {{ add_days('dates.week_start_on', -7) }} as previous_start_on,
        {{ add_days('dates.week_start_on', -364) }} as last_year_start_on
    from days
    inner join dates on days.date_on = dates.date_on
    {% for kind in ['month', 'year_to_date'] %}
        union distinct

        select
            '{{ kind }}' as period_kind,
            dates.month_start_on as period_start_on,
            {{ add_days(month_start(add_days('dates.month_start_on', 31)), -1) }} as period_end_on,
            {{ month_start(add_days('dates.month_start_on', -1)) }} as previous_start_on,
            {{ year_before('dates.month_start_on') }} as last_year_start_on
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
        {{ year_before(quarter_start('days.date_on')) }} as last_year_start_on
    from days
),

placed as (
    select
        starts.*,
        least(starts.period_end_on, run_context.as_of_on) as covered_to_on,
        starts.period_end_on <= run_context.as_of_on as is_complete
    from starts
    cross join run_context
),

workdays as (
    select
        placed.period_kind,
        placed.period_start_on,
        sum(case when dates.is_workday then 1 else 0 end) as workday_count
    from placed
    inner join dates
        on
            placed.covered_to_on >= dates.date_on
            and (
                placed.period_start_on <= dates.date_on
                or (
                    placed.period_kind = 'year_to_date'
                    and extract(year from placed.period_start_on) = dates.year_number
                )
            )
    group by placed.period_kind, placed.period_start_on
),

final as (
    select
        placed.*,
        {{ days_between('placed.period_start_on', 'placed.covered_to_on') }} + 1
            as elapsed_day_count,
        cast(workdays.workday_count as {{ dbt.type_int() }}) as workday_count
    from placed
    inner join workdays
        on
            placed.period_kind = workdays.period_kind
            and placed.period_start_on = workdays.period_start_on
)

select * from final
