with

landed as (

    select * from {{ source('dms', 'labour_lines') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

pay_type_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'pay_type'

),

limits as (

    select
        {{ threshold('max_line_hours') }} as max_line_hours,
        {{ threshold('max_line_amount_yuan') }} as max_line_amount_yuan,
        {{ threshold('min_labour_rate_yuan') }} as min_labour_rate_yuan

),

duplicates as (

    {{ repeated_keys(source('dms', 'labour_lines'), {
        'store_id': clean_text('store_id'),
        'labour_line_id': clean_text('labour_line_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('labour_line_id') }} as labour_line_id,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('technician_id') }} as technician_id,
        {{ clean_text('service_item_code') }} as service_item_code,
        {{ clean_code('pay_type') }} as pay_type,
        {{ try_cast('hours_sold', 'numeric(8,2)') }} as hours_sold,
        {{ try_cast('labour_amount', 'numeric(18,2)') }} as labour_amount,
        {{ try_cast('discount_amount', 'numeric(18,2)') }} as discount_amount,
        {{ try_cast('cost_amount', 'numeric(18,2)') }} as cost_amount,
        {{ try_cast('created_at', 'timestamp') }} as created_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.labour_line_id,
        cleaned.repair_order_no,
        cleaned.store_id,
        cleaned.technician_id,
        cleaned.service_item_code,
        cleaned.pay_type,
        cleaned.hours_sold,
        cleaned.labour_amount,
        cleaned.discount_amount,
        cleaned.cost_amount,
        cleaned.created_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'labour_line_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.labour_line_id is null '
                    ~ 'or cleaned.repair_order_no is null',
            ],
            [
                'labour_line_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'labour_line_mandatory_missing',
                'quarantine',
                'cleaned.service_item_code is null or cleaned.pay_type is null '
                    ~ 'or cleaned.hours_sold is null or cleaned.labour_amount is null',
            ],
            [
                'labour_line_pay_type_unknown',
                'quarantine',
                'cleaned.pay_type is not null and pay_type_codes.code is null',
            ],
            [
                'labour_line_amount_negative',
                'quarantine',
                'cleaned.labour_amount < 0 or cleaned.hours_sold < 0 '
                    ~ 'or cleaned.cost_amount < 0 or cleaned.discount_amount < 0',
            ],
            [
                'labour_line_amount_absurd',
                'quarantine',
                'cleaned.labour_amount > limits.max_line_amount_yuan',
            ],
            ['labour_line_technician_missing', 'flag', 'cleaned.technician_id is null'],
            [
                'hours_sold_zero_with_amount',
                'flag',
                'cleaned.hours_sold = 0 and cleaned.labour_amount > 0',
            ],
            ['labour_line_hours_implausible', 'flag', 'cleaned.hours_sold > limits.max_line_hours'],
            [
                'labour_line_amount_in_wan',
                'flag',
                'cleaned.hours_sold > 0 and cleaned.labour_amount > 0 '
                    ~ 'and cleaned.labour_amount < cleaned.hours_sold '
                    ~ '* limits.min_labour_rate_yuan',
            ],
            [
                'labour_line_discount_above_price',
                'flag',
                'cleaned.discount_amount > cleaned.labour_amount '
                    ~ 'and cleaned.labour_amount >= 0',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.labour_line_id = duplicates.labour_line_id
    left join pay_type_codes on cleaned.pay_type = pay_type_codes.code
    cross join limits

)

select * from final
