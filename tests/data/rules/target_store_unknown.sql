{{ config(meta={'rule_id': 'target_store_unknown'}) }}
-- Every target belongs to a store of the store master.
-- Attainment of a region would lack the store's target, or compare with a store nobody knows.
-- Not judged: whether every store has targets, which `target_missing` does.

with

fct_targets as (
    select * from {{ ref('fct_targets') }}
),

dim_store as (
    select * from {{ ref('dim_store') }}
),

final as (
    select
        fct_targets.store_key as store_id,
        fct_targets.month_start_on as business_on,
        fct_targets.store_key || ':' || {{ year_month('fct_targets.month_start_on') }} || ':'
        || fct_targets.metric_code as row_key,
        'store ' || fct_targets.store_key || ' is unknown' as detail
    from fct_targets
    left join dim_store on fct_targets.store_key = dim_store.store_key
    where dim_store.store_key is null
)

select * from final
