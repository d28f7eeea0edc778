{{ config(meta={'rule_id': 'target_missing'}) }}
-- Every store has a target for every metric that has targets at all, in every month with targets.
-- Attainment without a target is no number, and a region's attainment would compare unlike stores.
-- Not judged: the height of the target; stores before their opening month; parts of a target, which
-- a store need not have.

with

fct_targets as (
    select * from {{ ref('fct_targets') }}
),

dim_store as (
    select * from {{ ref('dim_store') }}
),

target_metrics as (
    select * from {{ ref('target_metrics') }}
),

months as (
    select distinct month_start_on
    from fct_targets
),

metrics as (
    select distinct fct_targets.metric_code
    from fct_targets
    left join target_metrics on fct_targets.metric_code = target_metrics.target_code
    where target_metrics.revenue_line is null
),

expected as (
    select
        dim_store.store_key,
        months.month_start_on,
        metrics.metric_code
    from dim_store
    inner join months on dim_store.opened_on <= months.month_start_on
    cross join metrics
),

final as (
    select
        expected.store_key as store_id,
        expected.month_start_on as business_on,
        expected.store_key || ':' || {{ year_month('expected.month_start_on') }} || ':'
        || expected.metric_code as row_key,
        'no target for ' || expected.metric_code as detail
    from expected
    left join fct_targets
        on
            expected.store_key = fct_targets.store_key
            and expected.month_start_on = fct_targets.month_start_on
            and expected.metric_code = fct_targets.metric_code
    where fct_targets.store_key is null
)

select * from final
