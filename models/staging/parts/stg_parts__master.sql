with

landed as (

    select * from {{ source('parts', 'master') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

abc_class_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'abc_class'

),

part_category_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'part_category'

),

duplicates as (

    {{ repeated_keys(source('parts', 'master'), {'part_no': clean_text('part_no')}) }}

),

cleaned as (

    select
        {{ clean_text('part_no') }} as part_no,
        {{ clean_text('part_name') }} as part_name,
        {{ clean_code('part_category') }} as part_category,
        {{ try_cast('unit_cost_amount', 'numeric(18,2)') }} as unit_cost_amount,
        {{ try_cast('list_price_amount', 'numeric(18,2)') }} as list_price_amount,
        {{ clean_upper('abc_class') }} as abc_class,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.part_no,
        cleaned.part_name,
        cleaned.part_category,
        cleaned.unit_cost_amount,
        cleaned.list_price_amount,
        cleaned.abc_class,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['part_key_missing', 'quarantine', 'cleaned.part_no is null'],
            [
                'part_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'part_part_category_unknown',
                'flag',
                'cleaned.part_category is not null and part_category_codes.code is null',
            ],
            [
                'part_abc_class_unknown',
                'flag',
                'cleaned.abc_class is not null and abc_class_codes.code is null',
            ],
            [
                'part_price_missing',
                'flag',
                'cleaned.unit_cost_amount is null or cleaned.list_price_amount is null '
                    ~ 'or cleaned.unit_cost_amount < 0 or cleaned.list_price_amount < 0',
            ],
            [
                'part_cost_above_price',
                'flag',
                'cleaned.unit_cost_amount > cleaned.list_price_amount '
                    ~ 'and cleaned.list_price_amount >= 0',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.part_no = duplicates.part_no
    left join part_category_codes on cleaned.part_category = part_category_codes.code
    left join abc_class_codes on cleaned.abc_class = abc_class_codes.code

)

select * from final
