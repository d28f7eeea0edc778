{#-
  Every known day of a store and the days its running month still has, one row for each metric that
  is forecast, with the kind of day it is. A day without an order and without a shift was not open.
  Days go back as far as the errors that ranges are made of, and the profiles those months had.
-#}
{%- set metrics = pace_metrics() -%}

with

store_days as (
    select * from {{ ref('fct_store_day') }}
),

open_days as (
    select * from {{ ref('int_store_open_days') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

holiday_kinds as (
    select * from {{ ref('holiday_kinds') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast(
            {{ threshold('forecast_error_months') }} + {{ threshold('pace_profile_months') }}
            as {{ dbt.type_int() }}
        ) as month_count
),

kinds as (
    select
        dates.date_on,
        dates.month_start_on,
        dates.days_in_month,
        {{ days_between('dates.month_start_on', 'dates.date_on') }} + 1 as day_of_month,
        case
            when dates.is_holiday then coalesce(holiday_kinds.day_kind, 'holiday')
            when dates.is_adjusted_workday then 'adjusted_workday'
            else 'weekday_' || cast(dates.iso_weekday as {{ dbt.type_string() }})
        end as day_kind,
        not dates.is_holiday and not dates.is_adjusted_workday as is_ordinary
    from dates
    left join holiday_kinds
        on
            dates.holiday_name_en = holiday_kinds.holiday_name_en
            and dates.date_on >= holiday_kinds.valid_from
            and (holiday_kinds.valid_to is null or dates.date_on < holiday_kinds.valid_to)
    cross join run_context
    cross join limits
    where
        {{ month_number('dates.date_on') }}
        >= {{ month_number('run_context.as_of_on') }} - limits.month_count
        and {{ month_number('dates.date_on') }} <= {{ month_number('run_context.as_of_on') }}
),

known as (
    select
        store_days.store_key,
        store_days.business_on,
        {%- for metric in metrics %}
            store_days.{{ metric.column }},
        {%- endfor %}
        open_days.business_on is not null as is_open,
        true as is_known
    from store_days
    left join open_days
        on
            store_days.store_key = open_days.store_key
            and store_days.business_on = open_days.business_on
),

ahead as (
    select
        stores.store_key,
        kinds.date_on as business_on,
        {%- for metric in metrics %}
            0 as {{ metric.column }},
        {%- endfor %}
        false as is_open,
        false as is_known
    from stores
    cross join run_context
    inner join kinds on {{ month_start('run_context.as_of_on') }} = kinds.month_start_on
    where
        kinds.date_on > run_context.as_of_on
        and stores.opened_on <= run_context.as_of_on
),

days as (
    select * from known

    union all

    select * from ahead
),

final as (
    {%- for metric in metrics %}
        select
            '{{ metric.code }}' as metric_code,
            days.store_key,
            days.business_on,
            kinds.month_start_on,
            kinds.days_in_month,
            cast(kinds.day_of_month as {{ dbt.type_int() }}) as day_of_month,
            kinds.day_kind,
            kinds.is_ordinary,
            days.is_known,
            days.is_open,
            cast(days.{{ metric.column }} as {{ numeric_type(18, 2) }}) as day_amount
        from days
        inner join kinds on days.business_on = kinds.date_on
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
)

select * from final
