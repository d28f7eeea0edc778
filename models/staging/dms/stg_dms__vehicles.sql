with

landed as (

    select * from {{ source('dms', 'vehicles') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

energy_type_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'energy_type'

),

limits as (

    select
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
    where batches.system = 'dms' and batches.table_name = 'vehicles'

),

duplicates as (

    {{ repeated_keys(source('dms', 'vehicles'), {'vehicle_id': clean_text('vehicle_id')}) }}

),

cleaned as (

    select
        {{ clean_text('vehicle_id') }} as vehicle_id,
        {{ clean_upper('vin') }} as vin,
        {{ clean_upper('plate_no') }} as plate_no,
        {{ clean_text('model_name') }} as model_name,
        {{ clean_code('energy_type') }} as energy_type,
        {{ try_cast('sold_on', 'date') }} as sold_on,
        {{ clean_text('customer_id') }} as customer_id,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ vin_check_digit(clean_upper('vin')) }} as expected_check_digit,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.vehicle_id,
        cleaned.vin,
        cleaned.plate_no,
        cleaned.model_name,
        cleaned.energy_type,
        cleaned.sold_on,
        cleaned.customer_id,
        cleaned.created_at,
        cleaned.updated_at,
        coalesce({{ matches('cleaned.vin', '^[A-HJ-NPR-Z0-9]{17}$') }}, false) as is_vin_valid,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['vehicle_key_missing', 'quarantine', 'cleaned.vehicle_id is null'],
            [
                'vehicle_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['vin_missing', 'flag', 'cleaned.vin is null'],
            [
                'vin_malformed',
                'flag',
                'cleaned.vin is not null and not '
                    ~ matches('cleaned.vin', '^[A-Z0-9]{17}$'),
            ],
            [
                'vin_with_ioq',
                'flag',
                matches('cleaned.vin', '^[A-Z0-9]{17}$')
                    ~ ' and '
                    ~ matches('cleaned.vin', '[IOQ]'),
            ],
            [
                'vin_check_digit_wrong',
                'flag',
                matches('cleaned.vin', '^[A-HJ-NPR-Z0-9]{17}$')
                    ~ ' and substring(cleaned.vin, 9, 1) <> cleaned.expected_check_digit',
            ],
            [
                'plate_malformed',
                'flag',
                'not '
                    ~ is_plate('cleaned.plate_no'),
            ],
            [
                'vehicle_energy_type_unknown',
                'flag',
                'cleaned.energy_type is not null and energy_type_codes.code is null',
            ],
            ['vehicle_owner_missing', 'flag', 'cleaned.customer_id is null'],
            [
                'vehicle_sold_on_future',
                'flag',
                'cast(cleaned.sold_on as timestamp) >= batch_ends.extract_end_at',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.vehicle_id = duplicates.vehicle_id
    left join energy_type_codes on cleaned.energy_type = energy_type_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id

)

select * from final
