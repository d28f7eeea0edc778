with

landed as (

    select * from {{ source('finance', 'customers') }}

),

phone_ranges as (

    select * from {{ ref('phone_ranges') }}

),

duplicates as (

    {{ repeated_keys(source('finance', 'customers'), {'account_no': clean_text('account_no')}) }}

),

typed as (

    select
        {{ clean_text('account_no') }} as account_no,
        {{ clean_text('customer_name') }} as customer_name,
        {{ clean_text('phone') }} as phone,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        (
            {{ is_unparsable('created_at', try_cast('created_at', 'timestamp')) }}
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
        cleaned.account_no,
        cleaned.customer_name,
        cleaned.phone,
        cleaned.created_at,
        cleaned.updated_at,
        cleaned.phone_kind,
        cleaned.phone_digits,
        cleaned.phone_digits is not null as is_phone_reachable,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['finance_customer_key_missing', 'quarantine', 'cleaned.account_no is null'],
            [
                'finance_customer_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['finance_customer_value_unparsable', 'flag', 'cleaned.has_unparsable_value'],
            ['finance_phone_unreachable', 'flag', 'cleaned.phone_digits is null'],
            ['finance_customer_name_missing', 'flag', 'cleaned.customer_name is null'],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.account_no = duplicates.account_no

)

select * from final
