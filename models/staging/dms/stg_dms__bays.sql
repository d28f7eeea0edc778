with

landed as (

    select * from {{ source('dms', 'bays') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

bay_type_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'bay_type'

),

duplicates as (

    {{ repeated_keys(source('dms', 'bays'), {'bay_id': clean_text('bay_id')}) }}

),

cleaned as (

    select
        {{ clean_text('bay_id') }} as bay_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_code('bay_type') }} as bay_type,
        {{ try_cast('installed_on', 'date') }} as installed_on,
        {{ try_cast('retired_on', 'date') }} as retired_on,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.bay_id,
        cleaned.store_id,
        cleaned.bay_type,
        cleaned.installed_on,
        cleaned.retired_on,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['bay_key_missing', 'quarantine', 'cleaned.bay_id is null or cleaned.store_id is null'],
            [
                'bay_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'bay_bay_type_unknown',
                'flag',
                'cleaned.bay_type is not null and bay_type_codes.code is null',
            ],
            ['bay_installed_on_missing', 'flag', 'cleaned.installed_on is null'],
            ['bay_retired_before_installed', 'flag', 'cleaned.retired_on < cleaned.installed_on'],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.bay_id = duplicates.bay_id
    left join bay_type_codes on cleaned.bay_type = bay_type_codes.code

)

select * from final
