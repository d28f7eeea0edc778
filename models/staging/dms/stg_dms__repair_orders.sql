with

landed as (

    select * from {{ source('dms', 'repair_orders') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

order_types as (

    select * from {{ ref('order_types') }}

),

entry_channel_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'entry_channel'

),

fault_system_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'fault_system'

),

order_channel_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'order_channel'

),

order_type_codes as (

    select order_types.order_type as code
    from order_types

),

pay_type_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'pay_type'

),

repair_order_status_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'repair_order_status'

),

limits as (

    select
        {{ threshold('late_entry_hours') }} as late_entry_hours,
        {{ threshold('amount_tolerance_yuan') }} as amount_tolerance_yuan,
        {{ threshold('max_odometer_km') }} as max_odometer_km,
        {{ threshold('max_order_amount_yuan') }} as max_order_amount_yuan,
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
    where batches.system = 'dms' and batches.table_name = 'repair_orders'

),

duplicates as (

    {{ repeated_keys(source('dms', 'repair_orders'), {
        'store_id': clean_text('store_id'),
        'repair_order_no': clean_text('repair_order_no'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('vehicle_id') }} as vehicle_id,
        {{ clean_text('customer_id') }} as customer_id,
        {{ clean_text('advisor_id') }} as advisor_id,
        {{ clean_text('appointment_id') }} as appointment_id,
        {{ clean_code('channel') }} as channel,
        {{ clean_code('order_type') }} as order_type,
        {{ clean_code('fault_system') }} as fault_system,
        {{ clean_code('pay_type') }} as pay_type,
        {{ clean_text('package_code') }} as package_code,
        {{ try_cast('arrived_at', 'timestamp') }} as arrived_at,
        {{ try_cast('opened_at', 'timestamp') }} as opened_at,
        {{ try_cast('promised_at', 'timestamp') }} as promised_at,
        {{ try_cast('closed_at', 'timestamp') }} as closed_at,
        {{ clean_code('status') }} as status,
        {{ try_cast('odometer_km', 'integer') }} as odometer_km,
        {{ try_cast('labour_amount', 'numeric(18,2)') }} as labour_amount,
        {{ try_cast('part_amount', 'numeric(18,2)') }} as part_amount,
        {{ try_cast('discount_amount', 'numeric(18,2)') }} as discount_amount,
        {{ try_cast('total_amount', 'numeric(18,2)') }} as total_amount,
        {{ clean_code('entry_channel') }} as entry_channel,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.repair_order_no,
        cleaned.store_id,
        cleaned.vehicle_id,
        cleaned.customer_id,
        cleaned.advisor_id,
        cleaned.appointment_id,
        cleaned.channel,
        cleaned.order_type,
        cleaned.fault_system,
        cleaned.pay_type,
        cleaned.package_code,
        cleaned.arrived_at,
        cleaned.opened_at,
        cleaned.promised_at,
        cleaned.closed_at,
        cleaned.status,
        cleaned.odometer_km,
        cleaned.labour_amount,
        cleaned.part_amount,
        cleaned.discount_amount,
        cleaned.total_amount,
        cleaned.entry_channel,
        cleaned.created_at,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'repair_order_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.repair_order_no is null',
            ],
            [
                'repair_order_number_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'repair_order_mandatory_missing',
                'quarantine',
                'cleaned.vehicle_id is null or cleaned.opened_at is null '
                    ~ 'or cleaned.order_type is null or cleaned.pay_type is null '
                    ~ 'or cleaned.status is null',
            ],
            [
                'repair_order_order_type_unknown',
                'quarantine',
                'cleaned.order_type is not null and order_type_codes.code is null',
            ],
            [
                'repair_order_pay_type_unknown',
                'quarantine',
                'cleaned.pay_type is not null and pay_type_codes.code is null',
            ],
            [
                'repair_order_status_unknown',
                'quarantine',
                'cleaned.status is not null and repair_order_status_codes.code is null',
            ],
            [
                'repair_order_future_dated',
                'quarantine',
                'cleaned.opened_at >= batch_ends.extract_end_at '
                    ~ 'or cleaned.arrived_at >= batch_ends.extract_end_at '
                    ~ 'or cleaned.closed_at >= batch_ends.extract_end_at',
            ],
            [
                'repair_order_details_missing',
                'flag',
                'cleaned.customer_id is null or cleaned.advisor_id is null '
                    ~ 'or cleaned.odometer_km is null or cleaned.channel is null',
            ],
            [
                'repair_order_channel_unknown',
                'flag',
                'cleaned.channel is not null and order_channel_codes.code is null',
            ],
            [
                'repair_order_fault_system_unknown',
                'flag',
                'cleaned.fault_system is not null and fault_system_codes.code is null',
            ],
            [
                'repair_order_entry_channel_unknown',
                'flag',
                'cleaned.entry_channel is not null and entry_channel_codes.code is null',
            ],
            [
                'repair_order_fault_system_missing',
                'flag',
                "cleaned.order_type = 'repair' and cleaned.fault_system is null",
            ],
            ['repair_order_arrived_after_opened', 'flag', 'cleaned.arrived_at > cleaned.opened_at'],
            ['repair_order_closed_before_opened', 'flag', 'cleaned.closed_at < cleaned.opened_at'],
            [
                'repair_order_promised_before_opened',
                'flag',
                'cleaned.promised_at < cleaned.opened_at',
            ],
            [
                'repair_order_late_entry',
                'flag',
                seconds_between('cleaned.opened_at', 'cleaned.created_at')
                    ~ ' > limits.late_entry_hours * 3600',
            ],
            [
                'repair_order_close_state_contradictory',
                'flag',
                "(cleaned.status = 'closed' and cleaned.closed_at is null) "
                    ~ "or (cleaned.status = 'open' and cleaned.closed_at is not null)",
            ],
            [
                'repair_order_amount_negative',
                'flag',
                'cleaned.labour_amount < 0 or cleaned.part_amount < 0 '
                    ~ 'or cleaned.discount_amount < 0 or cleaned.total_amount < 0',
            ],
            [
                'repair_order_total_mismatch',
                'flag',
                'abs(cleaned.total_amount - (cleaned.labour_amount + cleaned.part_amount '
                    ~ '- cleaned.discount_amount)) > limits.amount_tolerance_yuan',
            ],
            [
                'repair_order_amount_absurd',
                'flag',
                'cleaned.total_amount > limits.max_order_amount_yuan',
            ],
            [
                'odometer_implausible',
                'flag',
                'cleaned.odometer_km < 0 or cleaned.odometer_km > limits.max_odometer_km',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.repair_order_no = duplicates.repair_order_no
    left join order_channel_codes on cleaned.channel = order_channel_codes.code
    left join order_type_codes on cleaned.order_type = order_type_codes.code
    left join fault_system_codes on cleaned.fault_system = fault_system_codes.code
    left join pay_type_codes on cleaned.pay_type = pay_type_codes.code
    left join repair_order_status_codes on cleaned.status = repair_order_status_codes.code
    left join entry_channel_codes on cleaned.entry_channel = entry_channel_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id
    cross join limits

)

select * from final
