with

landed as (

    select * from {{ source('dms', 'stores') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

time_zone_offsets as (

    select * from {{ ref('time_zone_offsets') }}

),

store_class_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'store_class'

),

time_zone_codes as (

    select distinct time_zone_offsets.time_zone as code
    from time_zone_offsets

),

duplicates as (

    {{ repeated_keys(source('dms', 'stores'), {'store_id': clean_text('store_id')}) }}

),

cleaned as (

    select
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('store_name') }} as store_name,
        {{ clean_text('region_name') }} as region_name,
        {{ clean_text('city_name') }} as city_name,
        {{ clean_text('brand_name') }} as brand_name,
        {{ clean_upper('store_class') }} as store_class,
        {{ try_cast('opened_on', 'date') }} as opened_on,
        {{ clean_text('time_zone') }} as time_zone,
        {{ try_cast('opens_hour', 'integer') }} as opens_hour,
        {{ try_cast('closes_hour', 'integer') }} as closes_hour,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.store_id,
        cleaned.store_name,
        cleaned.region_name,
        cleaned.city_name,
        cleaned.brand_name,
        cleaned.store_class,
        cleaned.opened_on,
        cleaned.time_zone,
        cleaned.opens_hour,
        cleaned.closes_hour,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            ['store_key_missing', 'quarantine', 'cleaned.store_id is null'],
            [
                'store_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            [
                'store_mandatory_missing',
                'quarantine',
                'cleaned.store_name is null or cleaned.region_name is null '
                    ~ 'or cleaned.opened_on is null or cleaned.time_zone is null',
            ],
            [
                'store_time_zone_unknown',
                'quarantine',
                'cleaned.time_zone is not null and time_zone_codes.code is null',
            ],
            [
                'store_store_class_unknown',
                'flag',
                'cleaned.store_class is not null and store_class_codes.code is null',
            ],
            [
                'store_opening_hours_implausible',
                'flag',
                'cleaned.opens_hour is null or cleaned.closes_hour is null '
                    ~ 'or cleaned.opens_hour < 0 or cleaned.closes_hour > 24 '
                    ~ 'or cleaned.closes_hour <= cleaned.opens_hour',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.store_id = duplicates.store_id
    left join store_class_codes on cleaned.store_class = store_class_codes.code
    left join time_zone_codes on cleaned.time_zone = time_zone_codes.code

)

select * from final
