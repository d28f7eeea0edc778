{{ config(meta={'keeps_before': true}) }}

{#- What stores are compared by: class, age, and peers by the bands of the seed peer_bands. -#}

with

store_days as (
    select * from {{ ref('fct_store_day') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

store_classes as (
    select * from {{ ref('store_classes') }}
    where valid_to is null
),

peer_bands as (
    select * from {{ ref('peer_bands') }}
    where valid_to is null
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('peer_window_days') }} as {{ dbt.type_int() }}) as window_days
),

measured as (
    select
        store_days.store_key,
        {{ metric_value('sum(store_days.visit_count)', 'count(*)', 1) }} as visits_per_day,
        {{ metric_value(
            'sum(store_days.comeback_eligible_order_count)',
            'sum(store_days.closed_order_count)',
            1
        ) }} as repair_share
    from store_days
    inner join stores on store_days.store_key = stores.store_key
    cross join run_context
    cross join limits
    where
        store_days.business_on > {{ add_days('run_context.as_of_on', '-limits.window_days') }}
        and store_days.business_on >= stores.opened_on
    group by store_days.store_key
),

final as (
    select
        stores.store_key,
        stores.store_class,
        store_classes.comparison_group,
        stores.is_new_store,
        sizes.band_code as size_band,
        mixes.band_code as mix_band,
        sizes.band_code || ':' || mixes.band_code as peer_group
    from stores
    left join store_classes on stores.store_class = store_classes.store_class
    left join measured on stores.store_key = measured.store_key
    left join peer_bands as sizes
        on
            sizes.band_kind = 'size'
            and measured.visits_per_day >= sizes.band_lower
            and (sizes.band_upper is null or measured.visits_per_day < sizes.band_upper)
    left join peer_bands as mixes
        on
            mixes.band_kind = 'mix'
            and measured.repair_share >= mixes.band_lower
            and (mixes.band_upper is null or measured.repair_share < mixes.band_upper)
)

select * from final
