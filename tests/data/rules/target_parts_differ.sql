{{ config(meta={'rule_id': 'target_parts_differ'}) }}
-- Where a store's revenue target is split by lines of revenue, the parts add up to the whole.
-- Attainments of the lines and of the whole contradict each other otherwise: 103, 85 and 78 % of
-- parts that make 2,995 are not 88 % of 3,200.
-- Not judged: stores without parts; parts without a whole differ from it by all they are.

with

fct_targets as (
    select * from {{ ref('fct_targets') }}
),

target_metrics as (
    select * from {{ ref('target_metrics') }}
),

limits as (
    select {{ threshold('sub_target_tolerance_ratio') }} as tolerance_ratio
),

sums as (
    select
        fct_targets.store_key,
        fct_targets.month_start_on,
        target_metrics.metric_code,
        sum(
            case when target_metrics.revenue_line is null then fct_targets.target_value else 0 end
        ) as whole_amount,
        sum(
            case when target_metrics.revenue_line is null then 0 else fct_targets.target_value end
        ) as parts_amount,
        count(target_metrics.revenue_line) as part_count,
        min(fct_targets.target_basis) as first_basis,
        max(fct_targets.target_basis) as last_basis
    from fct_targets
    inner join target_metrics
        on
            fct_targets.metric_code = target_metrics.target_code
            and fct_targets.month_start_on >= target_metrics.valid_from
            and (
                target_metrics.valid_to is null
                or fct_targets.month_start_on < target_metrics.valid_to
            )
    group by fct_targets.store_key, fct_targets.month_start_on, target_metrics.metric_code
),

final as (
    select
        sums.store_key as store_id,
        sums.month_start_on as business_on,
        sums.store_key || ':' || {{ year_month('sums.month_start_on') }} || ':'
        || sums.metric_code as row_key,
        'parts ' || cast(sums.parts_amount as {{ dbt.type_string() }}) || ', whole '
        || cast(sums.whole_amount as {{ dbt.type_string() }}) as detail
    from sums
    cross join limits
    where
        sums.part_count > 0
        and (
            abs(sums.parts_amount - sums.whole_amount)
            > sums.whole_amount * limits.tolerance_ratio
            or sums.first_basis <> sums.last_basis
        )
)

select * from final
