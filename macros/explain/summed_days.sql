{#
  CTEs `running` and `summed_days`: every day of every store and fact with the month it is summed into.
  `part` tells whole months from the first days of the months that a running one is compared with. The
  query has the CTEs days, dates, periods, stores and fact_codes, and summed_months with the whole months
  to sum by fact and store.
#}
{% macro summed_days() -%}
running as (
    select * from periods
    where period_kind = 'month' and not is_complete
),

summed_days as (
    select
        'whole' as part,
        summed_months.fact_code,
        summed_months.store_key,
        dates.month_start_on,
        dates.date_on,
        dates.is_comeback_mature
    from summed_months
    inner join dates on summed_months.month_start_on = dates.month_start_on
    inner join days on dates.date_on = days.date_on

    union all

    select
        'to_date' as part,
        fact_codes.fact_code,
        stores.store_key,
        dates.month_start_on,
        dates.date_on,
        dates.is_comeback_mature
    from running
    inner join dates
        on
            (
                running.previous_start_on = dates.month_start_on
                or running.last_year_start_on = dates.month_start_on
            )
            and dates.date_on < {{ add_days('dates.month_start_on', 'running.elapsed_day_count') }}
    inner join days on dates.date_on = days.date_on
    cross join stores
    cross join fact_codes
)
{%- endmacro %}
