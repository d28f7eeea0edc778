with

public_holidays as (
    select * from {{ ref('public_holidays') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

-- The calendar of public holidays opens on a New Year's Day: the first day the warehouse knows.
bounds as (
    select
        min(public_holidays.date_on) as first_on,
        max(run_context.as_of_on) as last_on
    from public_holidays
    cross join run_context
),

final as (
    select {{ explode_days('first_on', 'last_on') }} as date_on
    from bounds
)

select * from final
