with

landed as (

    select * from {{ source('dms', 'bay_occupancy') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

occupancy_kind_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'occupancy_kind'

),

limits as (

    select
        {{ threshold('max_bay_interval_hours') }} as max_bay_interval_hours,
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
    where batches.system = 'dms' and batches.table_name = 'bay_occupancy'

),

duplicates as (

    {{ repeated_keys(source('dms', 'bay_occupancy'), {
        'store_id': clean_text('store_id'),
        'occupancy_id': clean_text('occupancy_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('occupancy_id') }} as occupancy_id,
        {{ clean_text('bay_id') }} as bay_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ clean_code('occupancy_kind') }} as occupancy_kind,
        {{ try_cast('started_at', 'timestamp') }} as started_at,
        {{ try_cast('finished_at', 'timestamp') }} as finished_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.occupancy_id,
        cleaned.bay_id,
        cleaned.store_id,
        cleaned.repair_order_no,
        cleaned.occupancy_kind,
        cleaned.started_at,
        cleaned.finished_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'bay_interval_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.occupancy_id is null '
                    ~ 'or cleaned.bay_id is null',
            ],
            [
                'bay_interval_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'bay_interval_mandatory_missing',
                'quarantine',
                'cleaned.started_at is null or cleaned.occupancy_kind is null',
            ],
            [
                'bay_interval_occupancy_kind_unknown',
                'quarantine',
                'cleaned.occupancy_kind is not null and occupancy_kind_codes.code is null',
            ],
            ['bay_interval_reversed', 'quarantine', 'cleaned.finished_at < cleaned.started_at'],
            [
                'bay_interval_future_dated',
                'quarantine',
                'cleaned.started_at >= batch_ends.extract_end_at '
                    ~ 'or cleaned.finished_at >= batch_ends.extract_end_at',
            ],
            [
                'bay_interval_too_long',
                'flag',
                seconds_between('cleaned.started_at', 'cleaned.finished_at')
                    ~ ' > limits.max_bay_interval_hours * 3600',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.occupancy_id = duplicates.occupancy_id
    left join occupancy_kind_codes on cleaned.occupancy_kind = occupancy_kind_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id
    cross join limits

)

select * from final
