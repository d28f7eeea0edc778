with

landed as (

    select * from {{ source('dms', 'customers') }}

),

phone_ranges as (

    select * from {{ ref('phone_ranges') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

customer_kind_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'customer_kind'

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
    where batches.system = 'dms' and batches.table_name = 'customers'

),

duplicates as (

    {{ repeated_keys(source('dms', 'customers'), {'customer_id': clean_text('customer_id')}) }}

),

typed as (

    select
        {{ clean_text('customer_id') }} as customer_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('customer_name') }} as customer_name,
        {{ clean_text('phone') }} as phone,
        {{ clean_code('customer_kind') }} as customer_kind,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

cleaned as (

    {{ with_phone('typed') }}

),

final as (

    select
        cleaned.customer_id,
        cleaned.store_id,
        cleaned.customer_name,
        cleaned.phone,
        cleaned.customer_kind,
        cleaned.created_at,
        cleaned.updated_at,
        cleaned.phone_kind,
        cleaned.phone_digits,
        cleaned.phone_digits is not null as is_phone_reachable,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['customer_key_missing', 'quarantine', 'cleaned.customer_id is null'],
            [
                'customer_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['phone_unreachable', 'flag', 'cleaned.phone_digits is null'],
            ['customer_name_missing', 'flag', 'cleaned.customer_name is null'],
            [
                'customer_customer_kind_unknown',
                'flag',
                'cleaned.customer_kind is not null and customer_kind_codes.code is null',
            ],
            ['customer_future_dated', 'flag', 'cleaned.created_at >= batch_ends.extract_end_at'],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.customer_id = duplicates.customer_id
    left join customer_kind_codes on cleaned.customer_kind = customer_kind_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id

)

select * from final
