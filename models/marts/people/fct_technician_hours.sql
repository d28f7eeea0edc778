{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('technicians') }}",
    )
}}

with

technician_days as (
    select * from {{ ref('int_technician_days') }}
),

order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

-- Days of changed orders are among them: their lines credit technicians.
affected_days as (
    {{ affected_dates('technicians') }}
),

clocked as (
    select * from technician_days
    where business_on in (select affected_days.date_on from affected_days)
),

credited as (
    select
        technician_key,
        store_key,
        business_on,
        sum(hours_sold) as hours_sold,
        sum(list_amount) as labour_amount,
        count(distinct repair_order_key) as order_count
    from order_lines
    where
        line_type = 'labour'
        and technician_key is not null
        and business_on in (select affected_days.date_on from affected_days)
    group by technician_key, store_key, business_on
),

-- Days on which a technician clocked in or is credited with work.
technician_dates as (
    select
        technician_id as technician_key,
        store_id as store_key,
        business_on
    from clocked

    union distinct

    select
        technician_key,
        store_key,
        business_on
    from credited
),

final as (
    select
        technician_dates.technician_key,
        technician_dates.store_key,
        technician_dates.business_on,
        {{ minutes_from_seconds('coalesce(clocked.available_seconds, 0)') }} as available_minutes,
        {{ minutes_from_seconds('coalesce(clocked.worked_seconds, 0)') }} as worked_minutes,
        {{ minutes_from_seconds('coalesce(clocked.overlapping_seconds, 0)') }}
            as overlapping_minutes,
        coalesce(clocked.missing_clock_off_count, 0) as missing_clock_off_count,
        cast(coalesce(credited.hours_sold, 0) as {{ numeric_type(12, 2) }}) as hours_sold,
        cast(coalesce(credited.order_count, 0) as {{ dbt.type_int() }}) as order_count,
        cast(coalesce(credited.labour_amount, 0) as {{ numeric_type(18, 2) }}) as labour_amount
    from technician_dates
    left join clocked
        on
            technician_dates.technician_key = clocked.technician_id
            and technician_dates.store_key = clocked.store_id
            and technician_dates.business_on = clocked.business_on
    left join credited
        on
            technician_dates.technician_key = credited.technician_key
            and technician_dates.store_key = credited.store_key
            and technician_dates.business_on = credited.business_on
)

select * from final
