with

landed as (

    select * from {{ source('parts', 'movements') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

movement_kind_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'movement_kind'

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
    where batches.system = 'parts' and batches.table_name = 'movements'

),

duplicates as (

    {{ repeated_keys(source('parts', 'movements'), {
        'store_id': clean_text('store_id'),
        'movement_id': clean_text('movement_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('movement_id') }} as movement_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('part_no') }} as part_no,
        {{ clean_code('movement_kind') }} as movement_kind,
        {{ try_cast('quantity', 'numeric(10,2)') }} as quantity,
        {{ try_cast('unit_cost_amount', 'numeric(18,2)') }} as unit_cost_amount,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ try_cast('moved_at', 'timestamp') }} as moved_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.movement_id,
        cleaned.store_id,
        cleaned.part_no,
        cleaned.movement_kind,
        cleaned.quantity,
        cleaned.unit_cost_amount,
        cleaned.repair_order_no,
        cleaned.moved_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'movement_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.movement_id is null '
                    ~ 'or cleaned.part_no is null',
            ],
            [
                'movement_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'movement_mandatory_missing',
                'quarantine',
                'cleaned.movement_kind is null or cleaned.quantity is null '
                    ~ 'or cleaned.moved_at is null',
            ],
            [
                'movement_movement_kind_unknown',
                'quarantine',
                'cleaned.movement_kind is not null and movement_kind_codes.code is null',
            ],
            [
                'movement_future_dated',
                'quarantine',
                'cleaned.moved_at >= batch_ends.extract_end_at',
            ],
            [
                'movement_sign_contradicts_kind',
                'flag',
                "(cleaned.movement_kind in ('receipt', 'emergency_purchase') "
                    ~ "and cleaned.quantity < 0) or (cleaned.movement_kind = 'issue' "
                    ~ 'and cleaned.quantity > 0)',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.movement_id = duplicates.movement_id
    left join movement_kind_codes on cleaned.movement_kind = movement_kind_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id

)

select * from final
