with

landed as (

    select * from {{ source('finance', 'cost_lines') }}

),

cost_accounts as (

    select * from {{ ref('cost_accounts') }}

),

cost_account_codes as (

    select cost_accounts.account_code as code
    from cost_accounts

),

cost_centre_codes as (

    select cost_centres.cost_centre_code as code
    from {{ ref('cost_centres') }} as cost_centres

),

limits as (

    select
        {{ threshold('min_cost_line_yuan') }} as min_cost_line_yuan,
        {{ threshold('max_cost_line_yuan') }} as max_cost_line_yuan

),

duplicates as (

    {{ repeated_keys(source('finance', 'cost_lines'), {
        'cost_line_id': clean_text('cost_line_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('cost_line_id') }} as cost_line_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_code('cost_centre') }} as cost_centre,
        {{ clean_text('cost_month') }} as cost_month,
        {{ clean_code('account_code') }} as account_code,
        {{ try_cast('amount', 'numeric(18,2)') }} as amount,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        (
            {{ is_unparsable('amount', try_cast('amount', 'numeric(18,2)')) }}
            or {{ is_unparsable('updated_at', try_cast('updated_at', 'timestamp')) }}
        ) as has_unparsable_value,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.cost_line_id,
        cleaned.store_id,
        cleaned.cost_centre,
        cleaned.cost_month,
        cleaned.account_code,
        cleaned.amount,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'cost_line_key_missing',
                'quarantine',
                'cleaned.cost_line_id is null '
                    ~ 'or (cleaned.store_id is null and cleaned.cost_centre is null)',
            ],
            [
                'cost_line_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['cost_line_value_unparsable', 'quarantine', 'cleaned.has_unparsable_value'],
            [
                'cost_line_month_malformed',
                'quarantine',
                'not '
                    ~ matches('cleaned.cost_month', '^20[0-9][0-9]-(0[1-9]|1[0-2])$'),
            ],
            [
                'cost_line_mandatory_missing',
                'quarantine',
                'cleaned.account_code is null or cleaned.amount is null',
            ],
            [
                'cost_line_account_code_unknown',
                'quarantine',
                'cleaned.account_code is not null and cost_account_codes.code is null',
            ],
            [
                'cost_line_cost_centre_unknown',
                'quarantine',
                'cleaned.cost_centre is not null and cost_centre_codes.code is null',
            ],
            [
                'cost_line_bearer_ambiguous',
                'quarantine',
                'cleaned.store_id is not null and cleaned.cost_centre is not null',
            ],
            ['cost_line_amount_absurd', 'quarantine', 'cleaned.amount > limits.max_cost_line_yuan'],
            ['cost_line_amount_negative', 'flag', 'cleaned.amount < 0'],
            [
                'cost_line_amount_in_wan',
                'flag',
                'cleaned.amount > 0 and cleaned.amount < limits.min_cost_line_yuan',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.cost_line_id = duplicates.cost_line_id
    left join cost_account_codes on cleaned.account_code = cost_account_codes.code
    left join cost_centre_codes on cleaned.cost_centre = cost_centre_codes.code
    cross join limits

)

select * from final
