with

landed as (

    select * from {{ source('crm', 'vehicles') }}

),

duplicates as (

    {{ repeated_keys(source('crm', 'vehicles'), {
        'crm_customer_id': clean_text('crm_customer_id'),
        'vin': clean_upper('vin'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('crm_customer_id') }} as crm_customer_id,
        {{ clean_upper('vin') }} as vin,
        {{ clean_upper('plate_no') }} as plate_no,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ vin_check_digit(clean_upper('vin')) }} as expected_check_digit,
        (
            {{ is_unparsable('updated_at', try_cast('updated_at', 'timestamp')) }}
        ) as has_unparsable_value,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.crm_customer_id,
        cleaned.vin,
        cleaned.plate_no,
        cleaned.updated_at,
        coalesce({{ matches('cleaned.vin', '^[A-HJ-NPR-Z0-9]{17}$') }}, false) as is_vin_valid,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'crm_vehicle_key_missing',
                'quarantine',
                'cleaned.crm_customer_id is null or cleaned.vin is null',
            ],
            [
                'crm_vehicle_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['crm_vehicle_value_unparsable', 'flag', 'cleaned.has_unparsable_value'],
            [
                'crm_vin_malformed',
                'flag',
                'cleaned.vin is not null and not '
                    ~ matches('cleaned.vin', '^[A-Z0-9]{17}$'),
            ],
            [
                'crm_vin_with_ioq',
                'flag',
                matches('cleaned.vin', '^[A-Z0-9]{17}$')
                    ~ ' and '
                    ~ matches('cleaned.vin', '[IOQ]'),
            ],
            [
                'crm_vin_check_digit_wrong',
                'flag',
                matches('cleaned.vin', '^[A-HJ-NPR-Z0-9]{17}$')
                    ~ ' and substring(cleaned.vin, 9, 1) <> cleaned.expected_check_digit',
            ],
            [
                'crm_plate_malformed',
                'flag',
                'not '
                    ~ is_plate('cleaned.plate_no'),
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.crm_customer_id = duplicates.crm_customer_id
            and cleaned.vin = duplicates.vin

)

select * from final
