with

landed as (

    select * from {{ source('dms', 'technicians') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

skill_level_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'skill_level'

),

duplicates as (

    {{ repeated_keys(source('dms', 'technicians'), {
        'technician_id': clean_text('technician_id'),
    }) }}

),

cleaned as (

    select
        {{ clean_text('technician_id') }} as technician_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('technician_name') }} as technician_name,
        {{ clean_code('skill_level') }} as skill_level,
        {{ try_cast('hired_on', 'date') }} as hired_on,
        {{ try_cast('left_on', 'date') }} as left_on,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.technician_id,
        cleaned.store_id,
        cleaned.technician_name,
        cleaned.skill_level,
        cleaned.hired_on,
        cleaned.left_on,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'technician_key_missing',
                'quarantine',
                'cleaned.technician_id is null or cleaned.store_id is null',
            ],
            [
                'technician_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'technician_skill_level_unknown',
                'flag',
                'cleaned.skill_level is not null and skill_level_codes.code is null',
            ],
            ['technician_name_missing', 'flag', 'cleaned.technician_name is null'],
            ['technician_left_before_hired', 'flag', 'cleaned.left_on < cleaned.hired_on'],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.technician_id = duplicates.technician_id
    left join skill_level_codes on cleaned.skill_level = skill_level_codes.code

)

select * from final
