{#-
  How many customers are in a state at each month's end, counted without a row for each customer and
  month: a visit opens its states on certain days and closes them on others, and what is open at a
  month's end is what was opened by then less what was closed. Every state stands at the store of
  the visit that opened it, so that stores add up.
-#}
{%- set states = [
    ('active', 'visited_on', 'least(next_on, dormant_on)'),
    ('dormant', 'dormant_on', 'least(next_on, lost_on)'),
    ('lost', 'lost_on', 'next_on'),
    ('cohort', 'dormant_on', 'least(next_dormant_on, lost_on)'),
    ('repeating', 'repeat_visited_on', 'least(next_on, previous_lost_on)'),
] -%}
{%- set flows = [
    ('returned', 'next_on', 'next_on is not null and start_recency_days < dormant_days'),
    ('woken', 'next_on', 'start_recency_days >= dormant_days and start_recency_days < lost_days'),
    ('recovered', 'next_on', 'start_recency_days >= lost_days'),
    ('lapsed', 'dormant_on', 'is_quiet_to_month_end'),
    ('new', 'visited_on', 'previous_on is null'),
] -%}

with

customer_visits as (
    select * from {{ ref('int_customer_visits') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('customer_dormant_days') }} as {{ dbt.type_int() }}) as dormant_days,
        cast({{ threshold('customer_lost_days') }} as {{ dbt.type_int() }}) as lost_days
),

dated as (
    select
        customer_visits.store_key,
        customer_visits.visited_on,
        customer_visits.previous_on,
        customer_visits.next_on,
        limits.dormant_days,
        limits.lost_days,
        {{ add_days('customer_visits.visited_on', 'limits.dormant_days') }} as dormant_on,
        {{ add_days('customer_visits.visited_on', 'limits.lost_days') }} as lost_on,
        {{ add_days('customer_visits.next_on', 'limits.dormant_days') }} as next_dormant_on,
        {{ add_days('customer_visits.previous_on', 'limits.lost_days') }} as previous_lost_on,
        case when customer_visits.previous_on is not null then customer_visits.visited_on end
            as repeat_visited_on,
        run_context.as_of_on
    from customer_visits
    cross join limits
    cross join run_context
),

-- What the customer was when the month of the next visit began: empty if both lie in one month.
visits as (
    select
        dated.*,
        case
            when dated.visited_on < next_dates.month_start_on
                then {{ days_between('dated.visited_on', 'next_dates.month_start_on') }} - 1
        end as start_recency_days,
        next_dates.month_start_on is null
        or next_dates.month_start_on > dormant_dates.month_start_on as is_quiet_to_month_end
    from dated
    left join dates as next_dates on dated.next_on = next_dates.date_on
    left join dates as dormant_dates on dated.dormant_on = dormant_dates.date_on
),

events as (
    {%- for name, from_on, until_on in states %}
        select
            '{{ name }}' as event_code,
            store_key,
            {{ from_on }} as event_on,
            count(*) as change_count
        from visits
        where
            {{ from_on }} <= as_of_on
            and ({{ until_on }} is null or {{ from_on }} < {{ until_on }})
        group by store_key, {{ from_on }}

        union all

        select
            '{{ name }}' as event_code,
            store_key,
            {{ until_on }} as event_on,
            -count(*) as change_count
        from visits
        where
            {{ until_on }} <= as_of_on
            and {{ from_on }} < {{ until_on }}
        group by store_key, {{ until_on }}

        union all
    {% endfor %}
    {%- for name, event_on, condition in flows %}
        select
            '{{ name }}' as event_code,
            store_key,
            {{ event_on }} as event_on,
            count(*) as change_count
        from visits
        where
            {{ event_on }} <= as_of_on
            and {{ condition }}
        group by store_key, {{ event_on }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

month_changes as (
    select
        events.store_key,
        dates.month_start_on,
        {%- for name, first_day, last_day in states + flows %}
            sum(case when events.event_code = '{{ name }}' then events.change_count else 0 end)
                as {{ name }}_change,
        {%- endfor %}
        count(*) as event_day_count
    from events
    inner join dates on events.event_on = dates.date_on
    group by events.store_key, dates.month_start_on
),

first_change as (
    select min(month_start_on) as month_start_on
    from month_changes
),

spine as (
    select
        stores.store_key,
        periods.period_start_on as month_start_on,
        periods.is_complete
    from stores
    cross join first_change
    inner join periods
        on
            periods.period_kind = 'month'
            and first_change.month_start_on <= periods.period_start_on
),

ends as (
    select
        spine.store_key,
        spine.month_start_on,
        spine.is_complete,
        {%- for name, first_day, last_day in states %}
            coalesce(
                sum(month_changes.{{ name }}_change) over (
                    partition by spine.store_key
                    order by spine.month_start_on
                    rows between unbounded preceding and current row
                ), 0
            ) as {{ name }}_end_count,
        {%- endfor %}
        {%- for name, event_on, condition in flows %}
            coalesce(month_changes.{{ name }}_change, 0) as {{ name }}_count,
        {%- endfor %}
        coalesce(month_changes.event_day_count, 0) as event_day_count
    from spine
    left join month_changes
        on
            spine.store_key = month_changes.store_key
            and spine.month_start_on = month_changes.month_start_on
),

starts as (
    select
        *,
        coalesce(
            lag(active_end_count) over (partition by store_key order by month_start_on), 0
        ) as active_start_count,
        coalesce(
            lag(dormant_end_count) over (partition by store_key order by month_start_on), 0
        ) as dormant_start_count,
        coalesce(
            lag(lost_end_count) over (partition by store_key order by month_start_on), 0
        ) as lost_start_count
    from ends
),

final as (
    select
        store_key,
        month_start_on,
        is_complete,
        cast(active_start_count as {{ dbt.type_int() }}) as active_start_count,
        cast(dormant_start_count as {{ dbt.type_int() }}) as dormant_start_count,
        cast(lost_start_count as {{ dbt.type_int() }}) as lost_start_count,
        cast(returned_count as {{ dbt.type_int() }}) as returned_customer_count,
        cast(woken_count as {{ dbt.type_int() }}) as woken_customer_count,
        cast(recovered_count as {{ dbt.type_int() }}) as recovered_customer_count,
        cast(lapsed_count as {{ dbt.type_int() }}) as lapsed_customer_count,
        cast(new_count as {{ dbt.type_int() }}) as new_customer_count,
        cast(active_end_count as {{ dbt.type_int() }}) as active_end_count,
        cast(dormant_end_count as {{ dbt.type_int() }}) as dormant_end_count,
        cast(lost_end_count as {{ dbt.type_int() }}) as lost_end_count,
        cast(cohort_end_count as {{ dbt.type_int() }}) as cohort_customer_count,
        -- Of the cohort, whoever did not come back is what is dormant now.
        cast(cohort_end_count - dormant_end_count as {{ dbt.type_int() }})
            as retained_customer_count,
        cast(active_end_count + dormant_end_count as {{ dbt.type_int() }})
            as window_customer_count,
        cast(repeating_end_count as {{ dbt.type_int() }}) as repeat_customer_count
    from starts
)

select * from final
