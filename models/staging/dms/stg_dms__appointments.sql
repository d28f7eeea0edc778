with

landed as (

    select * from {{ source('dms', 'appointments') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

appointment_channel_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'appointment_channel'

),

limits as (

    select
        {{ threshold('max_appointment_lead_days') }} as max_appointment_lead_days,
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
    where batches.system = 'dms' and batches.table_name = 'appointments'

),

duplicates as (

    {{ repeated_keys(source('dms', 'appointments'), {
        'store_id': clean_text('store_id'),
        'appointment_id': clean_text('appointment_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('appointment_id') }} as appointment_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('vehicle_id') }} as vehicle_id,
        {{ clean_text('customer_id') }} as customer_id,
        {{ clean_code('channel') }} as channel,
        {{ try_cast('booked_at', 'timestamp') }} as booked_at,
        {{ try_cast('due_at', 'timestamp') }} as due_at,
        {{ try_cast('cancelled_at', 'timestamp') }} as cancelled_at,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.appointment_id,
        cleaned.store_id,
        cleaned.vehicle_id,
        cleaned.customer_id,
        cleaned.channel,
        cleaned.booked_at,
        cleaned.due_at,
        cleaned.cancelled_at,
        cleaned.repair_order_no,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'appointment_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.appointment_id is null',
            ],
            [
                'appointment_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['appointment_due_at_missing', 'quarantine', 'cleaned.due_at is null'],
            [
                'appointment_future_dated',
                'quarantine',
                'cleaned.booked_at >= batch_ends.extract_end_at '
                    ~ 'or cleaned.cancelled_at >= batch_ends.extract_end_at',
            ],
            [
                'appointment_channel_unknown',
                'flag',
                'cleaned.channel is not null and appointment_channel_codes.code is null',
            ],
            ['appointment_due_before_booked', 'flag', 'cleaned.due_at < cleaned.booked_at'],
            [
                'appointment_cancelled_before_booked',
                'flag',
                'cleaned.cancelled_at < cleaned.booked_at',
            ],
            [
                'appointment_lead_implausible',
                'flag',
                seconds_between('cleaned.booked_at', 'cleaned.due_at')
                    ~ ' > limits.max_appointment_lead_days * 86400',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.appointment_id = duplicates.appointment_id
    left join appointment_channel_codes on cleaned.channel = appointment_channel_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id
    cross join limits

)

select * from final
