{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('bays') }}",
    )
}}

with

bays as (
    select * from {{ ref('dim_bay') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

open_days as (
    select * from {{ ref('int_store_open_days') }}
),

bay_days as (
    select * from {{ ref('int_bay_days') }}
),

-- Where no interval of a store has ever landed, its bays stood for nobody knows how long.
recorded_stores as (
    select distinct store_id
    from {{ ref('dq_store_landings') }}
    where
        system = 'dms'
        and table_name = 'bay_occupancy'
        and rows_landed > rows_quarantined
),

-- Days of changed orders and shifts are among them: these decide whether a store was open.
affected_days as (
    {{ affected_dates('bays') }}
),

occupied as (
    select * from bay_days
    where business_on in (select affected_days.date_on from affected_days)
),

available as (
    select
        bays.bay_key,
        open_days.business_on,
        cast(stores.opening_hours_per_day * 60 as {{ numeric_type(12, 2) }}) as available_minutes
    from bays
    inner join stores on bays.store_key = stores.store_key
    inner join open_days
        on
            bays.store_key = open_days.store_key
            and bays.installed_on <= open_days.business_on
            and (bays.retired_on is null or bays.retired_on >= open_days.business_on)
    where open_days.business_on in (select affected_days.date_on from affected_days)
),

-- Days on which a bay was open or stood occupied.
bay_dates as (
    select
        bay_key,
        business_on
    from available

    union distinct

    select
        bay_id as bay_key,
        business_on
    from occupied
),

final as (
    select
        bay_dates.bay_key,
        bays.store_key,
        bay_dates.business_on,
        coalesce(available.available_minutes, cast(0 as {{ numeric_type(12, 2) }}))
            as available_minutes,
        case
            when recorded_stores.store_id is not null
                then {{ minutes_from_seconds('coalesce(occupied.productive_seconds, 0)') }}
        end as productive_minutes,
        case
            when recorded_stores.store_id is not null
                then {{ minutes_from_seconds('coalesce(occupied.blocked_seconds, 0)') }}
        end as blocked_minutes,
        case
            when recorded_stores.store_id is not null
                then {{ minutes_from_seconds('coalesce(occupied.overlapping_seconds, 0)') }}
        end as overlapping_minutes,
        coalesce(occupied.interval_count, 0) as interval_count,
        coalesce(occupied.unfinished_interval_count, 0) as unfinished_interval_count
    from bay_dates
    inner join bays on bay_dates.bay_key = bays.bay_key
    left join recorded_stores on bays.store_key = recorded_stores.store_id
    left join available
        on
            bay_dates.bay_key = available.bay_key
            and bay_dates.business_on = available.business_on
    left join occupied
        on
            bay_dates.bay_key = occupied.bay_id
            and bay_dates.business_on = occupied.business_on
)

select * from final
