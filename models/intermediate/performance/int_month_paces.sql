{#-
  The month of a store as forecast from each cut-off: what is reached, plus the rate of a day times
  the days that remain, each weighed by its kind. The rate is that of the month so far, held to the
  month before by a few days. Nothing after the cut-off enters.
-#}
with

days as (
    select * from {{ ref('int_pace_days') }}
),

profiles as (
    select * from {{ ref('int_pace_profiles') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

forecast_cutoffs as (
    select * from {{ ref('forecast_cutoffs') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        {{ threshold('pace_level_prior_days') }} as prior_days,
        cast({{ threshold('forecast_error_months') }} as {{ dbt.type_int() }}) as error_months
),

as_of as (
    select
        as_of_on,
        {{ month_start('as_of_on') }} as month_start_on,
        {{ days_between(month_start('as_of_on'), 'as_of_on') }} + 1 as day_of_month
    from run_context
),

-- Past months are forecast from the days of the seed, and from the day the running month stands at:
-- its range needs their errors at the same point.
cutoffs as (
    select
        forecast_cutoffs.cutoff_day,
        true as is_listed
    from forecast_cutoffs
    cross join as_of
    where
        forecast_cutoffs.valid_from <= as_of.as_of_on
        and (forecast_cutoffs.valid_to is null or forecast_cutoffs.valid_to > as_of.as_of_on)

    union all

    select
        as_of.day_of_month as cutoff_day,
        false as is_listed
    from as_of
    where
        as_of.day_of_month not in (
            select forecast_cutoffs.cutoff_day
            from forecast_cutoffs
            where
                forecast_cutoffs.valid_from <= as_of.as_of_on
                and (
                    forecast_cutoffs.valid_to is null
                    or forecast_cutoffs.valid_to > as_of.as_of_on
                )
        )
),

weighed as (
    select
        days.*,
        case when days.is_open then profiles.day_weight else 0 end as open_weight,
        cast(profiles.day_weight * profiles.open_share as {{ numeric_type(18, 6) }})
            as planned_weight
    from days
    inner join profiles
        on
            days.metric_code = profiles.metric_code
            and days.store_key = profiles.store_key
            and days.month_start_on = profiles.month_start_on
            and days.day_kind = profiles.day_kind
    cross join as_of
    cross join limits
    where
        {{ month_number('days.month_start_on') }}
        >= {{ month_number('as_of.as_of_on') }} - limits.error_months
),

running as (
    select
        metric_code,
        store_key,
        month_start_on,
        business_on,
        day_of_month,
        days_in_month,
        is_known,
        sum(day_amount) over (
            partition by metric_code, store_key, month_start_on
            order by business_on
            rows between unbounded preceding and current row
        ) as actual_to_date,
        sum(open_weight) over (
            partition by metric_code, store_key, month_start_on
            order by business_on
            rows between unbounded preceding and current row
        ) as open_weight,
        sum(planned_weight) over (
            partition by metric_code, store_key, month_start_on
            order by business_on
            rows between unbounded preceding and current row
        ) as planned_weight,
        sum(planned_weight) over (partition by metric_code, store_key, month_start_on)
            as month_weight,
        sum(day_amount) over (partition by metric_code, store_key, month_start_on)
            as month_amount,
        count(*) over (partition by metric_code, store_key, month_start_on) as day_count,
        sum(case when is_known then 1 else 0 end)
            over (partition by metric_code, store_key, month_start_on) as known_day_count
    from weighed
),

levels as (
    select
        metric_code,
        store_key,
        month_start_on,
        sum(last_month_amount) as level_amount,
        sum(last_month_day_count * day_weight) as level_weight
    from profiles
    group by metric_code, store_key, month_start_on
),

chosen as (
    select
        running.*,
        cutoffs.is_listed,
        as_of.month_start_on = running.month_start_on as is_running_month,
        levels.level_amount,
        levels.level_weight,
        case when levels.level_weight > 0 then limits.prior_days else 0 end as prior_days
    from running
    cross join as_of
    cross join limits
    inner join cutoffs on running.day_of_month = cutoffs.cutoff_day
    inner join levels
        on
            running.metric_code = levels.metric_code
            and running.store_key = levels.store_key
            and running.month_start_on = levels.month_start_on
    where
        (
            as_of.month_start_on = running.month_start_on
            and as_of.as_of_on = running.business_on
        )
        -- A month of which days are missing, such as the first of the records, says nothing.
        or (
            as_of.month_start_on > running.month_start_on
            and running.known_day_count = running.days_in_month
            and running.day_of_month < running.days_in_month
        )
),

rated as (
    select
        *,
        (
            cast(actual_to_date as {{ double_type() }})
            + cast(prior_days as {{ double_type() }})
            * coalesce(
                cast(level_amount as {{ double_type() }})
                / nullif(cast(level_weight as {{ double_type() }}), 0),
                0
            )
        )
        / nullif(
            cast(open_weight as {{ double_type() }}) + cast(prior_days as {{ double_type() }}), 0
        ) as amount_per_weight
    from chosen
),

final as (
    select
        rated.metric_code,
        rated.store_key,
        stores.region_name,
        rated.month_start_on,
        rated.business_on as cutoff_on,
        rated.day_of_month as cutoff_day,
        rated.days_in_month,
        rated.is_listed,
        rated.is_running_month,
        coalesce(rated.level_weight, 0) > 0 as has_history,
        cast(rated.planned_weight as {{ numeric_type(18, 6) }}) as elapsed_weight,
        cast(rated.month_weight as {{ numeric_type(18, 6) }}) as month_weight,
        cast(rated.actual_to_date as {{ numeric_type(18, 2) }}) as actual_to_date,
        {{ round_to_cents(
            'case when rated.month_weight = rated.planned_weight '
            ~ 'then cast(rated.actual_to_date as ' ~ double_type() ~ ') '
            ~ 'else cast(rated.actual_to_date as ' ~ double_type() ~ ') + rated.amount_per_weight '
            ~ '* cast(rated.month_weight - rated.planned_weight as ' ~ double_type() ~ ') end'
        ) }} as forecast_amount,
        {{ round_to_cents(
            'cast(rated.actual_to_date as ' ~ double_type() ~ ') '
            ~ '* rated.days_in_month / rated.day_of_month'
        ) }} as naive_pace_amount,
        case
            when not rated.is_running_month
                then cast(rated.month_amount as {{ numeric_type(18, 2) }})
        end as actual_amount
    from rated
    inner join stores on rated.store_key = stores.store_key
)

select * from final
