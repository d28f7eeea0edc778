{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('bays') }}",
    )
}}

with

bay_occupancy as (
    {{ current_rows('dms.bay_occupancy', 'stg_dms__bay_occupancy') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

days as (
    select * from {{ ref('int_days') }}
),

affected_days as (
    {{ affected_dates('bays') }}
),

affected_span as (
    {{ affected_span('bays') }}
),

-- Every interval in its current version with the local days it starts and ends on.
placed as (
    select
        bay_occupancy.store_id,
        bay_occupancy.occupancy_id,
        bay_occupancy.bay_id,
        bay_occupancy.occupancy_kind,
        bay_occupancy.started_at,
        bay_occupancy.finished_at,
        store_offsets.utc_offset_minutes,
        {{ local_date('bay_occupancy.started_at', 'store_offsets.utc_offset_minutes') }}
            as started_on,
        {{ local_date(
            'coalesce(bay_occupancy.finished_at, bay_occupancy.started_at)',
            'store_offsets.utc_offset_minutes',
        ) }} as finished_on
    from bay_occupancy
    cross join affected_span
    inner join store_offsets
        on
            bay_occupancy.store_id = store_offsets.store_key
            and bay_occupancy.started_at >= store_offsets.valid_from_at
            and bay_occupancy.started_at < store_offsets.valid_to_at
    where
        bay_occupancy.started_at < affected_span.end_on
        and coalesce(bay_occupancy.finished_at, bay_occupancy.started_at) >= affected_span.first_on
        and (
            bay_occupancy.finished_at is null
            or bay_occupancy.finished_at > bay_occupancy.started_at
        )
),

-- One row per interval and local day it touches. Nothing is cut at the opening hours.
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
        occupancy_id,
        bay_id,
        business_on,
        finished_at is null as is_unfinished,
        occupancy_kind = 'productive' as is_productive,
        {{ second_of_day('business_on', 'started_at', 'utc_offset_minutes') }} as start_second,
        {{ second_of_day(
            'business_on', 'coalesce(finished_at, started_at)', 'utc_offset_minutes'
        ) }} as end_second
    from pieces
),

-- The running maximum of the ends tells how far the earlier intervals have covered the day.
covered as (
    select
        *,
        max(end_second) over earlier_intervals as covered_until,
        max(case when is_productive then end_second end) over earlier_intervals
            as productive_until
    from timed
    where is_unfinished or end_second > start_second
    window
        earlier_intervals as (
            partition by bay_id, business_on
            order by start_second, end_second, store_id, occupancy_id
            rows between unbounded preceding and 1 preceding
        )
),

summed as (
    select
        bay_id,
        business_on,
        sum(case when is_unfinished then 0 else 1 end) as interval_count,
        sum(case when is_unfinished then 1 else 0 end) as unfinished_interval_count,
        sum(end_second - start_second) as total_seconds,
        sum({{ uncovered_seconds('start_second', 'end_second', 'covered_until') }})
            as occupied_seconds,
        sum(
            case
                when is_productive
                    then {{ uncovered_seconds('start_second', 'end_second', 'productive_until') }}
                else 0
            end
        ) as productive_seconds
    from covered
    group by bay_id, business_on
),

final as (
    select
        bay_id,
        business_on,
        cast(interval_count as {{ dbt.type_int() }}) as interval_count,
        cast(unfinished_interval_count as {{ dbt.type_int() }}) as unfinished_interval_count,
        cast(productive_seconds as {{ dbt.type_int() }}) as productive_seconds,
        cast(occupied_seconds - productive_seconds as {{ dbt.type_int() }}) as blocked_seconds,
        cast(total_seconds - occupied_seconds as {{ dbt.type_int() }}) as overlapping_seconds
    from summed
)

select * from final
