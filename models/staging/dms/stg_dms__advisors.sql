with

landed as (

    select * from {{ source('dms', 'advisors') }}

),

duplicates as (

    {{ repeated_keys(source('dms', 'advisors'), {'advisor_id': clean_text('advisor_id')}) }}

),

cleaned as (

    select
        {{ clean_text('advisor_id') }} as advisor_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('advisor_name') }} as advisor_name,
        {{ try_cast('hired_on', 'date') }} as hired_on,
        {{ try_cast('left_on', 'date') }} as left_on,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.advisor_id,
        cleaned.store_id,
        cleaned.advisor_name,
        cleaned.hired_on,
        cleaned.left_on,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'advisor_key_missing',
                'quarantine',
                'cleaned.advisor_id is null or cleaned.store_id is null',
            ],
            [
                'advisor_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['advisor_name_missing', 'flag', 'cleaned.advisor_name is null'],
            ['advisor_left_before_hired', 'flag', 'cleaned.left_on < cleaned.hired_on'],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.advisor_id = duplicates.advisor_id

)

select * from final
