with

landed as (

    select * from {{ source('dms', 'service_items') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

fault_system_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'fault_system'

),

service_line_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'service_line'

),

limits as (

    select
        {{ threshold('max_standard_hours') }} as max_standard_hours

),

duplicates as (

    {{ repeated_keys(source('dms', 'service_items'), {
        'service_item_code': clean_text('service_item_code'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('service_item_code') }} as service_item_code,
        {{ clean_text('service_item_name') }} as service_item_name,
        {{ clean_code('service_line') }} as service_line,
        {{ clean_code('fault_system') }} as fault_system,
        {{ try_cast('standard_hours', 'numeric(8,2)') }} as standard_hours,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.service_item_code,
        cleaned.service_item_name,
        cleaned.service_line,
        cleaned.fault_system,
        cleaned.standard_hours,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['service_item_key_missing', 'quarantine', 'cleaned.service_item_code is null'],
            [
                'service_item_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'service_item_service_line_unknown',
                'quarantine',
                'cleaned.service_line is not null and service_line_codes.code is null',
            ],
            [
                'service_item_fault_system_unknown',
                'flag',
                'cleaned.fault_system is not null and fault_system_codes.code is null',
            ],
            [
                'service_item_hours_implausible',
                'flag',
                'cleaned.standard_hours is null or cleaned.standard_hours < 0 '
                    ~ 'or cleaned.standard_hours > limits.max_standard_hours',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.service_item_code = duplicates.service_item_code
    left join service_line_codes on cleaned.service_line = service_line_codes.code
    left join fault_system_codes on cleaned.fault_system = fault_system_codes.code
    cross join limits

)

select * from final
