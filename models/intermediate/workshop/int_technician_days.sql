{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('technicians') }}",
    )
}}

with

clock_events as (
    {{ current_rows('dms.clock_events', 'stg_dms__clock_events') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

days as (
    select * from {{ ref('int_days') }}
),

affected_days as (
    {{ affected_dates('technicians') }}
),

affected_span as (
    {{ affected_span('technicians') }}
),

-- Every entry in its current version with the local days it starts and ends on.
placed as (
    select
        clock_events.store_id,
        clock_events.clock_event_id,
        clock_events.technician_id,
        clock_events.clock_kind,
        clock_events.clocked_on_at,
        clock_events.clocked_off_at,
        store_offsets.utc_offset_minutes,
        {{ local_date('clock_events.clocked_on_at', 'store_offsets.utc_offset_minutes') }}
            as started_on,
        {{ local_date(
            'coalesce(clock_events.clocked_off_at, clock_events.clocked_on_at)',
            'store_offsets.utc_offset_minutes',
        ) }} as finished_on
    from clock_events
    cross join affected_span
    inner join store_offsets
        on
            clock_events.store_id = store_offsets.store_key
            and clock_events.clocked_on_at >= store_offsets.valid_from_at
            and clock_events.clocked_on_at < store_offsets.valid_to_at
    where
        clock_events.clocked_on_at < affected_span.end_on
        and coalesce(clock_events.clocked_off_at, clock_events.clocked_on_at)
        >= affected_span.first_on
        and (
            clock_events.clocked_off_at is null
            or clock_events.clocked_off_at > clock_events.clocked_on_at
        )
),

-- One row per entry and local day it touches.
pieces as (
    select
        placed.*,
        placed.started_on as business_on
    from placed
    where
        placed.finished_on = placed.started_on
        and placed.started_on in (select affected_days.date_on from affected_days)

    union all

    select
        placed.*,
        days.date_on as business_on
    from placed
    inner join days
        on placed.started_on <= days.date_on and placed.finished_on >= days.date_on
    where
        placed.finished_on > placed.started_on
        and days.date_on in (select affected_days.date_on from affected_days)
),

timed as (
    select
        store_id,
        clock_event_id,
        technician_id,
        clock_kind,
        business_on,
        started_on,
        clocked_off_at is null as is_clock_off_missing,
        {{ second_of_day('business_on', 'clocked_on_at', 'utc_offset_minutes') }} as start_second,
        {{ second_of_day(
            'business_on', 'coalesce(clocked_off_at, clocked_on_at)', 'utc_offset_minutes'
        ) }} as end_second
    from pieces
),

-- The running maximum of the ends tells how far the earlier entries of the same kind have covered
-- the day.
covered as (
    select
        *,
        max(end_second) over (
            partition by technician_id, store_id, business_on, clock_kind
            order by start_second, end_second, clock_event_id
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from timed
    where is_clock_off_missing or end_second > start_second
),

measured as (
    select
        *,
        {{ uncovered_seconds('start_second', 'end_second', 'covered_until') }} as new_seconds
    from covered
),

summed as (
    select
        technician_id,
        store_id,
        business_on,
        -- A shift that runs past midnight, its clock-off forgotten perhaps, starts on one day only.
        sum(case when clock_kind = 'shift' and started_on = business_on then 1 else 0 end)
            as shift_count,
        sum(case when clock_kind = 'shift' then new_seconds else 0 end) as available_seconds,
        sum(case when clock_kind = 'job' then new_seconds else 0 end) as worked_seconds,
        sum(case when clock_kind = 'job' then end_second - start_second - new_seconds else 0 end)
            as overlapping_seconds,
        sum(case when is_clock_off_missing then 1 else 0 end) as missing_clock_off_count
    from measured
    group by technician_id, store_id, business_on
),

final as (
    select
        technician_id,
        store_id,
        business_on,
        cast(shift_count as {{ dbt.type_int() }}) as shift_count,
        cast(available_seconds as {{ dbt.type_int() }}) as available_seconds,
        cast(worked_seconds as {{ dbt.type_int() }}) as worked_seconds,
        cast(overlapping_seconds as {{ dbt.type_int() }}) as overlapping_seconds,
        cast(missing_clock_off_count as {{ dbt.type_int() }}) as missing_clock_off_count
    from summed
)

select * from final
