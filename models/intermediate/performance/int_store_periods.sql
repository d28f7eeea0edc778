{#-
  Every additive sum of the store day, by store, region and network, and by day, week, month, quarter
  and year to date. `part` tells a whole period ('whole') from the first days of it ('to_date'): a
  period still running is compared with as many days of an earlier one.
-#}
{%- set mature = mature_sums() -%}
{%- set paired = paired_sums() -%}
{%- set names = period_sums() + ['immature_day_count'] -%}

with

store_days as (
    select * from {{ ref('fct_store_day') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

days as (
    select
        store_days.*,
        stores.region_name,
        {%- for name, column in mature.items() %}
            case
                when dates.is_comeback_mature then store_days.{{ column }}
                when store_days.{{ column }} is not null then 0
            end as {{ name }},
        {%- endfor %}
        {%- for name, pair in paired.items() %}
            case when store_days.{{ pair.beside }} is not null then store_days.{{ pair.part }} end
                as {{ name }},
        {%- endfor %}
        cast(case when dates.is_comeback_mature then 0 else 1 end as {{ dbt.type_int() }})
            as immature_day_count
    from store_days
    inner join stores on store_days.store_key = stores.store_key
    inner join dates on store_days.business_on = dates.date_on
),

-- From this day on nothing of a store is missing. A stray record from before its opening is in the
-- sums, and no beginning.
store_beginnings as (
    select
        store_days.store_key,
        min(store_days.business_on) as first_known_on
    from store_days
    inner join stores on store_days.store_key = stores.store_key
    where store_days.business_on >= stores.opened_on
    group by store_days.store_key
),

running as (
    select * from periods
    where not is_complete
),

-- The first days of the periods that a running one is compared with.
earlier_parts as (
    select
        periods.period_kind,
        periods.period_start_on,
        {{ add_days('periods.period_start_on', 'running.elapsed_day_count - 1') }} as last_on,
        periods.period_end_on
    from running
    inner join periods
        on
            running.period_kind = periods.period_kind
            and (
                running.previous_start_on = periods.period_start_on
                or running.last_year_start_on = periods.period_start_on
            )
),

spans as (
    select
        'whole' as part,
        period_kind,
        period_start_on,
        period_end_on as last_on
    from periods
    where period_kind <> 'year_to_date'

    union all

    select
        'to_date' as part,
        period_kind,
        period_start_on,
        least(last_on, period_end_on) as last_on
    from earlier_parts
    where period_kind <> 'year_to_date'
),

store_sums as (
    select
        days.store_key,
        days.region_name,
        spans.part,
        spans.period_kind,
        spans.period_start_on,
        {%- for name in names %}
            sum(days.{{ name }}) as {{ name }},
        {%- endfor %}
        count(*) as day_count
    from days
    inner join spans
        on
            days.business_on >= spans.period_start_on
            and days.business_on <= spans.last_on
    group by
        days.store_key, days.region_name, spans.part, spans.period_kind, spans.period_start_on
),

-- A year to date is the months of the year so far.
months as (
    select * from store_sums
    where period_kind = 'month'
),

years_to_date as (
    select
        months.store_key,
        months.region_name,
        months.part,
        'year_to_date' as period_kind,
        months.period_start_on,
        {%- for name in names %}
            sum(earlier.{{ name }}) as {{ name }},
        {%- endfor %}
        sum(earlier.day_count) as day_count
    from months
    inner join months as earlier
        on
            months.store_key = earlier.store_key
            and extract(year from months.period_start_on)
            = extract(year from earlier.period_start_on)
            and (
                (months.period_start_on > earlier.period_start_on and earlier.part = 'whole')
                or (
                    months.period_start_on = earlier.period_start_on and months.part = earlier.part
                )
            )
    group by months.store_key, months.region_name, months.part, months.period_start_on
),

all_store_sums as (
    select
        store_key,
        region_name,
        part,
        period_kind,
        period_start_on,
        {{ names | join(', ') }},
        day_count
    from store_sums

    union all

    select
        store_key,
        region_name,
        part,
        period_kind,
        period_start_on,
        {{ names | join(', ') }},
        day_count
    from years_to_date
),

begun as (
    select
        all_store_sums.*,
        store_beginnings.first_known_on
    from all_store_sums
    left join store_beginnings on all_store_sums.store_key = store_beginnings.store_key
),

-- A region is known from its first store on: a store that opens later adds to it.
scopes as (
    select
        'store' as scope_kind,
        store_key as scope_key,
        *
    from begun

    union all

    select
        'region' as scope_kind,
        region_name as scope_key,
        cast(null as {{ dbt.type_string() }}) as store_key,
        region_name,
        part,
        period_kind,
        period_start_on,
        {%- for name in names %}
            sum({{ name }}) as {{ name }},
        {%- endfor %}
        sum(day_count) as day_count,
        min(first_known_on) as first_known_on
    from begun
    group by region_name, part, period_kind, period_start_on

    union all

    select
        'network' as scope_kind,
        'network' as scope_key,
        cast(null as {{ dbt.type_string() }}) as store_key,
        cast(null as {{ dbt.type_string() }}) as region_name,
        part,
        period_kind,
        period_start_on,
        {%- for name in names %}
            sum({{ name }}) as {{ name }},
        {%- endfor %}
        sum(day_count) as day_count,
        min(first_known_on) as first_known_on
    from begun
    group by part, period_kind, period_start_on
)

select * from scopes
