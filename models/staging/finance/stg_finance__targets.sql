with

landed as (

    select * from {{ source('finance', 'targets') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

target_basis_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'target_basis'

),

target_metric_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'target_metric'

),

target_unit_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'target_unit'

),

limits as (

    select
        {{ threshold('max_ratio_target') }} as max_ratio_target,
        {{ threshold('min_revenue_target_yuan') }} as min_revenue_target_yuan

),

duplicates as (

    {{ repeated_keys(source('finance', 'targets'), {
        'store_id': clean_text('store_id'),
        'target_month': clean_text('target_month'),
        'metric_code': clean_code('metric_code'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('target_month') }} as target_month,
        {{ clean_code('metric_code') }} as metric_code,
        {{ try_cast('target_value', 'numeric(18,4)') }} as target_value,
        {{ clean_code('target_unit') }} as target_unit,
        {{ clean_code('target_basis') }} as target_basis,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        (
            {{ is_unparsable('target_value', try_cast('target_value', 'numeric(18,4)')) }}
            or {{ is_unparsable('updated_at', try_cast('updated_at', 'timestamp')) }}
        ) as has_unparsable_value,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.store_id,
        cleaned.target_month,
        cleaned.metric_code,
        cleaned.target_value,
        cleaned.target_unit,
        cleaned.target_basis,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'target_key_missing',
                'quarantine',
                'cleaned.store_id is null or cleaned.target_month is null '
                    ~ 'or cleaned.metric_code is null',
            ],
            [
                'target_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['target_value_unparsable', 'quarantine', 'cleaned.has_unparsable_value'],
            [
                'target_month_malformed',
                'quarantine',
                'not '
                    ~ matches('cleaned.target_month', '^20[0-9][0-9]-(0[1-9]|1[0-2])$'),
            ],
            [
                'target_mandatory_missing',
                'quarantine',
                'cleaned.target_value is null or cleaned.target_unit is null '
                    ~ 'or cleaned.target_basis is null',
            ],
            [
                'target_metric_code_unknown',
                'quarantine',
                'cleaned.metric_code is not null and target_metric_codes.code is null',
            ],
            [
                'target_target_unit_unknown',
                'quarantine',
                'cleaned.target_unit is not null and target_unit_codes.code is null',
            ],
            [
                'target_target_basis_unknown',
                'quarantine',
                'cleaned.target_basis is not null and target_basis_codes.code is null',
            ],
            ['target_value_negative', 'quarantine', 'cleaned.target_value < 0'],
            [
                'target_ratio_as_percent',
                'quarantine',
                "cleaned.target_unit = 'ratio' and cleaned.target_value "
                    ~ '> limits.max_ratio_target',
            ],
            [
                'target_amount_in_wan',
                'quarantine',
                "cleaned.target_unit = 'yuan' and cleaned.metric_code = 'revenue' "
                    ~ 'and cleaned.target_value > 0 and cleaned.target_value '
                    ~ '< limits.min_revenue_target_yuan',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
            and cleaned.target_month = duplicates.target_month
            and cleaned.metric_code = duplicates.metric_code
    left join target_metric_codes on cleaned.metric_code = target_metric_codes.code
    left join target_unit_codes on cleaned.target_unit = target_unit_codes.code
    left join target_basis_codes on cleaned.target_basis = target_basis_codes.code
    cross join limits

)

select * from final
