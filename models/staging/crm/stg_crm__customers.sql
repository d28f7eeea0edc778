with

landed as (

    select * from {{ source('crm', 'customers') }}

),

phone_ranges as (

    select * from {{ ref('phone_ranges') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

acquisition_channel_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'acquisition_channel'

),

duplicates as (

    {{ repeated_keys(source('crm', 'customers'), {
        'crm_customer_id': clean_text('crm_customer_id'),
    }) }}

),

typed as (

    select
        {{ clean_text('crm_customer_id') }} as crm_customer_id,
        {{ clean_text('customer_name') }} as customer_name,
        {{ clean_text('phone') }} as phone,
        {{ try_cast('is_member', 'boolean') }} as is_member,
        {{ clean_code('acquisition_channel') }} as acquisition_channel,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        (
            {{ is_unparsable('is_member', try_cast('is_member', 'boolean')) }}
            or {{ is_unparsable('created_at', try_cast('created_at', 'timestamp')) }}
            or {{ is_unparsable('updated_at', try_cast('updated_at', 'timestamp')) }}
        ) as has_unparsable_value,
        {{ lineage() }}
    from landed

),

cleaned as (

    {{ with_phone('typed') }}

),

final as (

    select
        cleaned.crm_customer_id,
        cleaned.customer_name,
        cleaned.phone,
        cleaned.is_member,
        cleaned.acquisition_channel,
        cleaned.created_at,
        cleaned.updated_at,
        cleaned.phone_kind,
        cleaned.phone_digits,
        cleaned.phone_digits is not null as is_phone_reachable,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['crm_customer_key_missing', 'quarantine', 'cleaned.crm_customer_id is null'],
            [
                'crm_customer_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['crm_customer_value_unparsable', 'flag', 'cleaned.has_unparsable_value'],
            ['crm_phone_unreachable', 'flag', 'cleaned.phone_digits is null'],
            ['crm_customer_name_missing', 'flag', 'cleaned.customer_name is null'],
            [
                'crm_customer_acquisition_channel_unknown',
                'flag',
                'cleaned.acquisition_channel is not null '
                    ~ 'and acquisition_channel_codes.code is null',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.crm_customer_id = duplicates.crm_customer_id
    left join acquisition_channel_codes
        on cleaned.acquisition_channel = acquisition_channel_codes.code

)

select * from final
