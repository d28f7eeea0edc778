{#
  CTEs `running` and `summed_days`: every day with the month it is summed into. `part` tells whole
  months from the first days of the months that a running one is compared with. The query has the
  CTEs days, dates and periods. An incremental model sums the months its table does not hold; one with
  a condition sums the months that meet it.
#}
{% macro summed_days(condition=none) -%}
running as (
    select * from periods
    where period_kind = 'month' and not is_complete
),

summed_days as (
    select
        'whole' as part,
        dates.month_start_on,
        dates.date_on,
        dates.is_comeback_mature
    from days
    inner join dates on days.date_on = dates.date_on
    {%- if condition %}
    where {{ condition }}
    {%- endif %}
    {%- if is_incremental() %}
        where
            dates.month_start_on not in (
                select known.month_start_on
                from {{ this }} as known
                where known.part = 'whole'
            )
    {%- endif %}

    union all

    select
        'to_date' as part,
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
    {%- if condition %}
    where {{ condition }}
    {%- endif %}
)
{%- endmacro %}
