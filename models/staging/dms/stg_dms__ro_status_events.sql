with

landed as (

    select * from {{ source('dms', 'ro_status_events') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

event_status_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'event_status'

),

limits as (

    select
        {{ threshold('late_entry_hours') }} as late_entry_hours,
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
    where batches.system = 'dms' and batches.table_name = 'ro_status_events'

),

duplicates as (

    {{ repeated_keys(source('dms', 'ro_status_events'), {
        'store_id': clean_text('store_id'),
        'event_id': clean_text('event_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('event_id') }} as event_id,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_code('status') }} as status,
        {{ try_cast('event_at', 'timestamp') }} as event_at,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.event_id,
        cleaned.repair_order_no,
        cleaned.store_id,
        cleaned.status,
        cleaned.event_at,
        cleaned.created_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'event_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.event_id is null '
                    ~ 'or cleaned.repair_order_no is null',
            ],
            [
                'event_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'event_mandatory_missing',
                'quarantine',
                'cleaned.event_at is null or cleaned.status is null',
            ],
            [
                'event_status_unknown',
                'quarantine',
                'cleaned.status is not null and event_status_codes.code is null',
            ],
            ['event_future_dated', 'quarantine', 'cleaned.event_at >= batch_ends.extract_end_at'],
            ['event_keyed_before_it_happened', 'flag', 'cleaned.created_at < cleaned.event_at'],
            [
                'event_late_entry',
                'flag',
                seconds_between('cleaned.event_at', 'cleaned.created_at')
                    ~ ' > limits.late_entry_hours * 3600',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.event_id = duplicates.event_id
    left join event_status_codes on cleaned.status = event_status_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id
    cross join limits

)

select * from final
