{{ config(meta={'rule_id': 'order_count_unusual'}) }}
-- The orders of a store-day stay within a factor of the same weekday of the four weeks before.
-- Half a day that did not arrive, or a day that arrived twice, shows first in the count.
-- Not judged: days without any order (`store_day_missing`), holidays and adjusted workdays.

with

store_days as (
    select * from {{ ref('int_store_day_parts') }}
),

dim_date as (
    select * from {{ ref('dim_date') }}
),

limits as (
    select
        {{ threshold('busy_day_min_orders') }} as busy_day_min_orders,
        {{ threshold('order_count_min_factor') }} as min_factor,
        {{ threshold('order_count_max_factor') }} as max_factor
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

final as (
    select
        profiles.store_key as store_id,
        profiles.business_on,
        {{ key(['profiles.store_key', 'profiles.business_on']) }} as row_key,
        cast(profiles.order_count as {{ dbt.type_string() }})
        || ' orders; the same weekday usually has '
        || cast(cast(profiles.usual_count as {{ dbt.type_int() }}) as {{ dbt.type_string() }})
            as detail
    from profiles
    cross join limits
    where
        profiles.order_count > 0
        and profiles.usual_count >= limits.busy_day_min_orders
        and (
            profiles.order_count < profiles.usual_count * limits.min_factor
            or profiles.order_count > profiles.usual_count * limits.max_factor
        )
)

select * from final
