{{ config(meta={'rule_id': 'store_day_missing'}) }}
-- A store that is usually busy on a weekday reports orders on it: no order at all, while the same
-- weekday of the four weeks before had some, means that the day never arrived.
-- A missing day looks like a bad day: the CEO asks why revenue fell by 12 %.
-- Not judged: public holidays and adjusted workdays, when closing is normal, and the newest day
-- (`store_not_reported`).

with

store_days as (
    select * from {{ ref('int_store_day_parts') }}
),

dim_date as (
    select * from {{ ref('dim_date') }}
),

limits as (
    select
        {{ threshold('busy_day_min_orders') }} as busy_day_min_orders
),

ordinary_days as (
    select date_on
    from dim_date
    where not is_holiday and not is_adjusted_workday
),

week_offsets as (
    select 7 as day_count

    union all

    select 14 as day_count

    union all

    select 21 as day_count

    union all

    select 28 as day_count
),

weekdays_before as (
    select
        store_days.store_key,
        store_days.business_on,
        store_days.order_count,
        {{ add_days('store_days.business_on', '-week_offsets.day_count') }} as earlier_on
    from store_days
    inner join ordinary_days on store_days.business_on = ordinary_days.date_on
    cross join week_offsets
),

profiles as (
    select
        weekdays_before.store_key,
        weekdays_before.business_on,
        weekdays_before.order_count,
        avg(cast(earlier.order_count as {{ double_type() }})) as usual_count
    from weekdays_before
    inner join ordinary_days on weekdays_before.earlier_on = ordinary_days.date_on
    inner join store_days as earlier
        on
            weekdays_before.store_key = earlier.store_key
            and weekdays_before.earlier_on = earlier.business_on
    where earlier.order_count > 0
    group by
        weekdays_before.store_key,
        weekdays_before.business_on,
        weekdays_before.order_count
),

newest_day as (
    select max(business_on) as business_on
    from store_days
),

final as (
    select
        profiles.store_key as store_id,
        profiles.business_on,
        {{ key(['profiles.store_key', 'profiles.business_on']) }} as row_key,
        'no order; the same weekday usually has '
        || cast(cast(profiles.usual_count as {{ dbt.type_int() }}) as {{ dbt.type_string() }})
            as detail
    from profiles
    cross join limits
    cross join newest_day
    where
        profiles.order_count = 0
        and profiles.usual_count >= limits.busy_day_min_orders
        and profiles.business_on < newest_day.business_on
)

select * from final
