{{ config(meta={'rule_id': 'target_basis_mixed'}) }}
-- In a month, the targets of a metric all stand on one basis: the full month or the month to date.
-- Comparing a store's full-month target with another's target to date is an error of 12/31.
-- Not judged: different bases in different months.

with

fct_targets as (
    select * from {{ ref('fct_targets') }}
),

bases as (
    select
        month_start_on,
        metric_code,
        target_basis,
        count(*) as store_count
    from fct_targets
    group by month_start_on, metric_code, target_basis
),

ranked as (
    select
        month_start_on,
        metric_code,
        target_basis,
        row_number() over (
            partition by month_start_on, metric_code
            order by store_count desc, target_basis asc
        ) as basis_rank
    from bases
),

final as (
    select
        fct_targets.store_key as store_id,
        fct_targets.month_start_on as business_on,
        fct_targets.store_key || ':' || {{ year_month('fct_targets.month_start_on') }} || ':'
        || fct_targets.metric_code as row_key,
        'basis ' || fct_targets.target_basis || ', most stores ' || ranked.target_basis as detail
    from fct_targets
    inner join ranked
        on
            fct_targets.month_start_on = ranked.month_start_on
            and fct_targets.metric_code = ranked.metric_code
            and ranked.basis_rank = 1
    where fct_targets.target_basis <> ranked.target_basis
)

select * from final
