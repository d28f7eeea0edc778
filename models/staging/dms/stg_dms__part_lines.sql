with

landed as (

    select * from {{ source('dms', 'part_lines') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

fill_status_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'fill_status'

),

pay_type_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'pay_type'

),

limits as (

    select
        {{ threshold('max_line_amount_yuan') }} as max_line_amount_yuan,
        {{ threshold('amount_tolerance_yuan') }} as amount_tolerance_yuan,
        {{ threshold('wan_detection_ratio') }} as wan_detection_ratio

),

duplicates as (

    {{ repeated_keys(source('dms', 'part_lines'), {
        'store_id': clean_text('store_id'),
        'part_line_id': clean_text('part_line_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('part_line_id') }} as part_line_id,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('service_item_code') }} as service_item_code,
        {{ clean_text('part_no') }} as part_no,
        {{ clean_code('pay_type') }} as pay_type,
        {{ try_cast('quantity', 'numeric(10,2)') }} as quantity,
        {{ try_cast('unit_price_amount', 'numeric(18,2)') }} as unit_price_amount,
        {{ try_cast('part_amount', 'numeric(18,2)') }} as part_amount,
        {{ try_cast('discount_amount', 'numeric(18,2)') }} as discount_amount,
        {{ try_cast('cost_amount', 'numeric(18,2)') }} as cost_amount,
        {{ clean_code('fill_status') }} as fill_status,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.part_line_id,
        cleaned.repair_order_no,
        cleaned.store_id,
        cleaned.service_item_code,
        cleaned.part_no,
        cleaned.pay_type,
        cleaned.quantity,
        cleaned.unit_price_amount,
        cleaned.part_amount,
        cleaned.discount_amount,
        cleaned.cost_amount,
        cleaned.fill_status,
        cleaned.created_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'part_line_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.part_line_id is null '
                    ~ 'or cleaned.repair_order_no is null',
            ],
            [
                'part_line_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'part_line_mandatory_missing',
                'quarantine',
                'cleaned.part_no is null or cleaned.pay_type is null '
                    ~ 'or cleaned.quantity is null or cleaned.part_amount is null',
            ],
            [
                'part_line_pay_type_unknown',
                'quarantine',
                'cleaned.pay_type is not null and pay_type_codes.code is null',
            ],
            [
                'part_line_fill_status_unknown',
                'quarantine',
                'cleaned.fill_status is not null and fill_status_codes.code is null',
            ],
            [
                'part_line_amount_negative',
                'quarantine',
                'cleaned.quantity < 0 or cleaned.unit_price_amount < 0 '
                    ~ 'or cleaned.part_amount < 0 or cleaned.discount_amount < 0 '
                    ~ 'or cleaned.cost_amount < 0',
            ],
            [
                'part_line_amount_absurd',
                'quarantine',
                'cleaned.part_amount > limits.max_line_amount_yuan',
            ],
            ['part_line_fill_status_missing', 'flag', 'cleaned.fill_status is null'],
            ['part_line_quantity_zero', 'flag', 'cleaned.quantity = 0'],
            [
                'part_line_amount_in_wan',
                'flag',
                'cleaned.part_amount > 0 and cleaned.quantity * cleaned.unit_price_amount '
                    ~ '>= cleaned.part_amount * limits.wan_detection_ratio',
            ],
            [
                'part_line_amount_mismatch',
                'flag',
                'abs(cleaned.part_amount - cleaned.quantity * cleaned.unit_price_amount) '
                    ~ '> limits.amount_tolerance_yuan and cleaned.quantity '
                    ~ '* cleaned.unit_price_amount < cleaned.part_amount '
                    ~ '* limits.wan_detection_ratio',
            ],
            [
                'part_line_discount_above_price',
                'flag',
                'cleaned.discount_amount > cleaned.part_amount '
                    ~ 'and cleaned.part_amount >= 0',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.part_line_id = duplicates.part_line_id
    left join pay_type_codes on cleaned.pay_type = pay_type_codes.code
    left join fill_status_codes on cleaned.fill_status = fill_status_codes.code
    cross join limits

)

select * from final
