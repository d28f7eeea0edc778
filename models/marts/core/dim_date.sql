with

public_holidays as (
    select * from {{ ref('public_holidays') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('comeback_window_days') }} as {{ dbt.type_int() }}) as window_days
),

bounds as (
    select
        min(public_holidays.date_on) as first_on,
        max(run_context.as_of_on) as as_of_on,
        cast(
            cast(max(extract(year from run_context.as_of_on)) as {{ dbt.type_string() }})
            || '-12-31' as date
        ) as last_on
    from public_holidays
    cross join run_context
),

days as (
    select {{ explode_days('first_on', 'last_on') }} as date_on
    from bounds
),

placed as (
    select
        days.date_on,
        cast(extract(year from days.date_on) as {{ dbt.type_int() }}) as year_number,
        cast(extract(quarter from days.date_on) as {{ dbt.type_int() }}) as quarter_number,
        cast(extract(month from days.date_on) as {{ dbt.type_int() }}) as month_number,
        -- A keyword of some dialects, and the name everybody knows.
        {{ year_month('days.date_on') }} as year_month,  -- noqa: RF04
        {{ iso_weekday('days.date_on') }} as iso_weekday,
        {{ add_days('days.date_on', '1 - ' ~ iso_weekday('days.date_on')) }} as week_start_on,
        -- A week belongs to the year of its Thursday.
        {{ add_days('days.date_on', '4 - ' ~ iso_weekday('days.date_on')) }} as thursday_on,
        public_holidays.holiday_name,
        public_holidays.holiday_name_en,
        coalesce(public_holidays.day_kind = 'holiday', false) as is_holiday,
        coalesce(public_holidays.day_kind = 'adjusted_workday', false) as is_adjusted_workday
    from days
    left join public_holidays
        on days.date_on = public_holidays.date_on
),

judged as (
    select
        *,
        iso_weekday >= 6 as is_weekend,
        is_adjusted_workday or (iso_weekday < 6 and not is_holiday) as is_workday
    from placed
),

counted as (
    select
        *,
        count(*) over (partition by year_month) as days_in_month,
        max(date_on) over (partition by year_month) as month_end_on,
        sum(case when is_workday then 1 else 0 end) over (partition by year_month)
            as workdays_in_month,
        sum(case when is_workday then 1 else 0 end) over (
            partition by year_month
            order by date_on
            rows between unbounded preceding and current row
        ) as workday_of_month
    from judged
),

final as (
    select
        counted.date_on,
        counted.year_number,
        counted.quarter_number,
        counted.month_number,
        counted.year_month,
        cast(extract(year from counted.thursday_on) as {{ dbt.type_int() }}) as iso_year,
        cast(floor((extract(doy from counted.thursday_on) - 1) / 7) + 1 as {{ dbt.type_int() }})
            as iso_week,
        counted.week_start_on,
        cast(counted.year_month || '-01' as date) as month_start_on,
        counted.iso_weekday,
        counted.is_weekend,
        counted.is_holiday,
        counted.holiday_name,
        counted.holiday_name_en,
        counted.is_adjusted_workday,
        counted.is_workday,
        cast(counted.days_in_month as {{ dbt.type_int() }}) as days_in_month,
        cast(counted.workdays_in_month as {{ dbt.type_int() }}) as workdays_in_month,
        cast(counted.workday_of_month as {{ dbt.type_int() }}) as workday_of_month,
        {{ add_days('counted.date_on', 'limits.window_days') }} <= bounds.as_of_on
            as is_comeback_mature,
        counted.date_on = least(counted.month_end_on, bounds.as_of_on) as is_month_end_known
    from counted
    cross join bounds
    cross join limits
)

select * from final
