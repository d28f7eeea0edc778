with

landed as (

    select * from {{ source('dms', 'clock_events') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

clock_kind_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'clock_kind'

),

limits as (

    select
        {{ threshold('max_shift_hours') }} as max_shift_hours,
        {{ threshold('future_tolerance_days') }} as future_tolerance_days

),

batch_ends as (

    select
        batches.batch_id,
        cast(
            {{ add_days('batches.extract_on', '1 + limits.future_tolerance_days') }} as timestamp
        ) as extract_end_at
    from batches
    cross join limits
    where batches.system = 'dms' and batches.table_name = 'clock_events'

),

duplicates as (

    {{ repeated_keys(source('dms', 'clock_events'), {
        'store_id': clean_text('store_id'),
        'clock_event_id': clean_text('clock_event_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('clock_event_id') }} as clock_event_id,
        {{ clean_text('technician_id') }} as technician_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_code('clock_kind') }} as clock_kind,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ try_cast('clocked_on_at', 'timestamp') }} as clocked_on_at,
        {{ try_cast('clocked_off_at', 'timestamp') }} as clocked_off_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.clock_event_id,
        cleaned.technician_id,
        cleaned.store_id,
        cleaned.clock_kind,
        cleaned.repair_order_no,
        cleaned.clocked_on_at,
        cleaned.clocked_off_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'clock_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.clock_event_id is null '
                    ~ 'or cleaned.technician_id is null',
            ],
            [
                'clock_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'clock_mandatory_missing',
                'quarantine',
                'cleaned.clocked_on_at is null or cleaned.clock_kind is null',
            ],
            [
                'clock_clock_kind_unknown',
                'quarantine',
                'cleaned.clock_kind is not null and clock_kind_codes.code is null',
            ],
            [
                'clock_interval_reversed',
                'quarantine',
                'cleaned.clocked_off_at < cleaned.clocked_on_at',
            ],
            [
                'clock_future_dated',
                'quarantine',
                'cleaned.clocked_on_at >= batch_ends.extract_end_at '
                    ~ 'or cleaned.clocked_off_at >= batch_ends.extract_end_at',
            ],
            ['clock_off_missing', 'flag', 'cleaned.clocked_off_at is null'],
            [
                'clock_interval_too_long',
                'flag',
                seconds_between('cleaned.clocked_on_at', 'cleaned.clocked_off_at')
                    ~ ' > limits.max_shift_hours * 3600',
            ],
            [
                'clock_job_without_order',
                'flag',
                "cleaned.clock_kind = 'job' and cleaned.repair_order_no is null",
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.clock_event_id = duplicates.clock_event_id
    left join clock_kind_codes on cleaned.clock_kind = clock_kind_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id
    cross join limits

)

select * from final
