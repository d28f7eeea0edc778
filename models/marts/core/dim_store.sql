with

stores as (
    select * from {{ ref('stg_dms__stores') }}
),

bays as (
    select * from {{ ref('dim_bay') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('new_store_days') }} as {{ dbt.type_int() }}) as new_store_days
),

ranked as (
    select
        *,
        {{ version_rank(['store_id']) }} as version_rank
    from stores
    where quarantine_rule_id is null
),

bays_in_use as (
    select
        bays.store_key,
        count(*) as bay_count
    from bays
    cross join run_context
    where
        bays.installed_on <= run_context.as_of_on
        and (bays.retired_on is null or bays.retired_on >= run_context.as_of_on)
    group by bays.store_key
),

final as (
    select
        ranked.store_id as store_key,
        ranked.store_id,
        ranked.store_name,
        ranked.region_name,
        ranked.city_name,
        ranked.brand_name,
        ranked.store_class,
        ranked.opened_on,
        {{ add_days('ranked.opened_on', 'limits.new_store_days') }} > run_context.as_of_on
            as is_new_store,
        ranked.time_zone,
        cast(ranked.closes_hour - ranked.opens_hour as {{ numeric_type(4, 2) }})
            as opening_hours_per_day,
        cast(coalesce(bays_in_use.bay_count, 0) as {{ dbt.type_int() }}) as bay_count
    from ranked
    cross join run_context
    cross join limits
    left join bays_in_use
        on ranked.store_id = bays_in_use.store_key
    where ranked.version_rank = 1
)

select * from final
