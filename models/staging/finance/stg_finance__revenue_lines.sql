with

landed as (

    select * from {{ source('finance', 'revenue_lines') }}

),

limits as (

    select {{ threshold('max_revenue_line_yuan') }} as max_revenue_line_yuan

),

duplicates as (

    {{ repeated_keys(source('finance', 'revenue_lines'), {
        'revenue_line_id': clean_text('revenue_line_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('revenue_line_id') }} as revenue_line_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('booked_month') }} as booked_month,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ try_cast('labour_amount', 'numeric(18,2)') }} as labour_amount,
        {{ try_cast('part_amount', 'numeric(18,2)') }} as part_amount,
        {{ try_cast('other_amount', 'numeric(18,2)') }} as other_amount,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        (
            {{ is_unparsable('labour_amount', try_cast('labour_amount', 'numeric(18,2)')) }}
            or {{ is_unparsable('part_amount', try_cast('part_amount', 'numeric(18,2)')) }}
            or {{ is_unparsable('other_amount', try_cast('other_amount', 'numeric(18,2)')) }}
            or {{ is_unparsable('updated_at', try_cast('updated_at', 'timestamp')) }}
        ) as has_unparsable_value,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.revenue_line_id,
        cleaned.store_id,
        cleaned.booked_month,
        cleaned.repair_order_no,
        cleaned.labour_amount,
        cleaned.part_amount,
        cleaned.other_amount,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'revenue_line_key_missing',
                'quarantine',
                'cleaned.revenue_line_id is null or cleaned.store_id is null',
            ],
            [
                'revenue_line_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['revenue_line_value_unparsable', 'quarantine', 'cleaned.has_unparsable_value'],
            [
                'revenue_line_month_malformed',
                'quarantine',
                'not '
                    ~ matches('cleaned.booked_month', '^20[0-9][0-9]-(0[1-9]|1[0-2])$'),
            ],
            [
                'revenue_line_mandatory_missing',
                'quarantine',
                'cleaned.booked_month is null or cleaned.repair_order_no is null '
                    ~ 'or coalesce(cleaned.labour_amount, cleaned.part_amount, '
                    ~ 'cleaned.other_amount) is null',
            ],
            [
                'revenue_line_amount_absurd',
                'quarantine',
                'abs(coalesce(cleaned.labour_amount, 0) + coalesce(cleaned.part_amount, 0) '
                    ~ '+ coalesce(cleaned.other_amount, 0)) > limits.max_revenue_line_yuan',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.revenue_line_id = duplicates.revenue_line_id
    cross join limits

)

select * from final
