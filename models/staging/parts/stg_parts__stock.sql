with

landed as (

    select * from {{ source('parts', 'stock') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

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
    where batches.system = 'parts' and batches.table_name = 'stock'

),

duplicates as (

    {{ repeated_keys(source('parts', 'stock'), {
        'store_id': clean_text('store_id'),
        'part_no': clean_text('part_no'),
        'stock_on': try_cast('stock_on', 'date'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('part_no') }} as part_no,
        {{ try_cast('stock_on', 'date') }} as stock_on,
        {{ try_cast('quantity_on_hand', 'numeric(10,2)') }} as quantity_on_hand,
        {{ try_cast('stock_amount', 'numeric(18,2)') }} as stock_amount,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.store_id,
        cleaned.part_no,
        cleaned.stock_on,
        cleaned.quantity_on_hand,
        cleaned.stock_amount,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'stock_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.part_no is null '
                    ~ 'or cleaned.stock_on is null',
            ],
            [
                'stock_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['stock_mandatory_missing', 'quarantine', 'cleaned.quantity_on_hand is null'],
            [
                'stock_future_dated',
                'quarantine',
                'cast(cleaned.stock_on as timestamp) >= batch_ends.extract_end_at',
            ],
            ['stock_negative', 'flag', 'cleaned.quantity_on_hand < 0'],
            [
                'stock_value_without_pieces',
                'flag',
                'cleaned.quantity_on_hand = 0 and cleaned.stock_amount <> 0',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.part_no = duplicates.part_no
            and cleaned.stock_on = duplicates.stock_on
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id

)

select * from final
