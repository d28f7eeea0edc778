{#-
  What is wrong with the records of a store on a day, by source system. An unsound day is left out when an
  alert is judged a second time; a doubtful day makes its cause uncertain.
-#}

with

store_days as (
    select * from {{ ref('fct_store_day') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

row_counts as (
    select * from {{ ref('dq_store_days') }}
),

batches as (
    select * from {{ source('control', 'batches') }}
),

data_checks as (
    select * from {{ ref('alert_data_checks') }}
    where valid_to is null
),

limits as (
    select
        {{ threshold('busy_day_min_orders') }} as busy_day_min_orders,
        {{ threshold('order_count_min_factor') }} as order_count_min_factor
),

-- On a day without any order anywhere the company was closed.
open_days as (
    select business_on
    from store_days
    group by business_on
    having sum(order_count) > 0
),

weekdays as (
    select
        store_days.store_key,
        store_days.business_on,
        store_days.order_count,
        dates.is_holiday,
        count(case when store_days.order_count > 0 then 1 end) over (
            partition by store_days.store_key, dates.iso_weekday
            order by store_days.business_on
            rows between 4 preceding and 1 preceding
        ) as usual_day_count,
        sum(store_days.order_count) over (
            partition by store_days.store_key, dates.iso_weekday
            order by store_days.business_on
            rows between 4 preceding and 1 preceding
        ) as usual_order_count
    from store_days
    inner join open_days on store_days.business_on = open_days.business_on
    inner join dates on store_days.business_on = dates.date_on
),

systems as (
    select distinct source_system
    from data_checks
),

-- A system whose extracts do not reach a day knows nothing of it.
newest_extracts as (
    select
        system as source_system,
        max(extract_on) as covered_to_on
    from batches
    where
        (system = 'dms' and table_name = 'repair_orders')
        or (system = 'crm' and table_name = 'surveys')
    group by system
),

counted as (
    select
        source_system,
        store_id as store_key,
        business_on,
        sum(row_count) as row_count,
        sum(rows_quarantined) as rows_quarantined,
        sum(rows_late) as rows_late
    from row_counts
    group by source_system, store_id, business_on
),

measured as (
    select
        weekdays.store_key,
        weekdays.business_on,
        systems.source_system,
        coalesce(counted.row_count, 0) as row_count,
        coalesce(counted.rows_quarantined, 0) as rows_quarantined,
        coalesce(counted.rows_late, 0) as rows_late,
        case
            when
                systems.source_system = 'dms'
                and weekdays.order_count = 0
                and weekdays.usual_order_count
                >= limits.busy_day_min_orders * weekdays.usual_day_count
                and weekdays.usual_day_count > 0
                then 1
            else 0
        end as day_missing,
        case
            when
                systems.source_system = 'dms'
                and not weekdays.is_holiday
                and weekdays.order_count > 0
                and weekdays.usual_order_count
                >= limits.busy_day_min_orders * weekdays.usual_day_count
                and weekdays.order_count * weekdays.usual_day_count
                < limits.order_count_min_factor * weekdays.usual_order_count
                then 1
            else 0
        end as day_incomplete,
        case when weekdays.business_on > newest_extracts.covered_to_on then 1 else 0 end
            as source_late
    from weekdays
    cross join systems
    cross join limits
    left join counted
        on
            weekdays.store_key = counted.store_key
            and weekdays.business_on = counted.business_on
            and systems.source_system = counted.source_system
    left join newest_extracts on systems.source_system = newest_extracts.source_system
),

checked as (
    select
        measured.store_key,
        measured.business_on,
        measured.source_system,
        measured.row_count,
        measured.rows_quarantined,
        measured.rows_late,
        measured.day_missing,
        data_checks.doubtful_at,
        data_checks.unsound_at,
        case data_checks.check_code
            when 'day_missing' then cast(measured.day_missing as {{ double_type() }})
            when 'day_incomplete' then cast(measured.day_incomplete as {{ double_type() }})
            when 'source_late' then cast(measured.source_late as {{ double_type() }})
            when 'quarantined_share'
                then
                    cast(measured.rows_quarantined as {{ double_type() }})
                    / cast(nullif(measured.row_count, 0) as {{ double_type() }})
            when 'late_share'
                then
                    cast(measured.rows_late as {{ double_type() }})
                    / cast(nullif(measured.row_count, 0) as {{ double_type() }})
        end as found_share
    from measured
    inner join data_checks on measured.source_system = data_checks.source_system
),

final as (
    select
        store_key,
        business_on,
        source_system,
        cast(max(row_count) as {{ dbt.type_int() }}) as row_count,
        cast(max(rows_quarantined) as {{ dbt.type_int() }}) as rows_quarantined,
        cast(max(rows_late) as {{ dbt.type_int() }}) as rows_late,
        max(day_missing) as missing_day_count,
        max(case when found_share >= unsound_at then 1 else 0 end) as unsound_day_count,
        max(case when found_share >= doubtful_at then 1 else 0 end) as doubtful_day_count
    from checked
    group by store_key, business_on, source_system
)

select * from final
