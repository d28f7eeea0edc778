with

landed as (

    select * from {{ source('crm', 'complaints') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

complaint_topic_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'complaint_topic'

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
    where batches.system = 'crm' and batches.table_name = 'complaints'

),

duplicates as (

    {{ repeated_keys(source('crm', 'complaints'), {'complaint_id': clean_text('complaint_id')}) }}

),

cleaned as (

    select
        {{ clean_text('complaint_id') }} as complaint_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ clean_code('topic_code') }} as topic_code,
        {{ try_cast('opened_at', 'timestamp') }} as opened_at,
        {{ try_cast('closed_at', 'timestamp') }} as closed_at,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        (
            {{ is_unparsable('opened_at', try_cast('opened_at', 'timestamp')) }}
            or {{ is_unparsable('closed_at', try_cast('closed_at', 'timestamp')) }}
            or {{ is_unparsable('updated_at', try_cast('updated_at', 'timestamp')) }}
        ) as has_unparsable_value,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.complaint_id,
        cleaned.store_id,
        cleaned.repair_order_no,
        cleaned.topic_code,
        cleaned.opened_at,
        cleaned.closed_at,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'complaint_key_missing',
                'quarantine',
                'cleaned.complaint_id is null or cleaned.store_id is null',
            ],
            [
                'complaint_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['complaint_opened_at_missing', 'quarantine', 'cleaned.opened_at is null'],
            [
                'complaint_future_dated',
                'quarantine',
                'cleaned.opened_at >= batch_ends.extract_end_at '
                    ~ 'or cleaned.closed_at >= batch_ends.extract_end_at',
            ],
            ['complaint_value_unparsable', 'flag', 'cleaned.has_unparsable_value'],
            ['complaint_topic_missing', 'flag', 'cleaned.topic_code is null'],
            [
                'complaint_topic_code_unknown',
                'flag',
                'cleaned.topic_code is not null and complaint_topic_codes.code is null',
            ],
            ['complaint_closed_before_opened', 'flag', 'cleaned.closed_at < cleaned.opened_at'],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.complaint_id = duplicates.complaint_id
    left join complaint_topic_codes on cleaned.topic_code = complaint_topic_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id

)

select * from final
