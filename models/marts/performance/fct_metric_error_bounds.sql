{#- Error bars from bad data: a metric, and how far the known defects could move it. -#}

with

metric_periods as (
    select * from {{ ref('fct_metric_periods') }}
),

error_bounds as (
    select * from {{ ref('error_bounds') }}
    where valid_to is null
),

defect_bounds as (
    select * from {{ ref('int_defect_bounds') }}
),

bounded_metrics as (
    select distinct metric_code
    from error_bounds
),

store_months as (
    select
        metric_periods.metric_code,
        metric_periods.store_key,
        metric_periods.region_name,
        metric_periods.period_start_on as month_start_on,
        metric_periods.unit,
        metric_periods.factor,
        metric_periods.is_complete,
        metric_periods.is_provisional,
        metric_periods.numerator,
        metric_periods.denominator,
        metric_periods.metric_value
    from metric_periods
    inner join bounded_metrics on metric_periods.metric_code = bounded_metrics.metric_code
    where metric_periods.scope_kind = 'store' and metric_periods.period_kind = 'month'
),

defects as (
    select
        metric_code,
        store_key,
        month_start_on,
        sum(row_count) as row_count,
        count(*) as rule_count,
        sum(lowest_numerator) as lowest_numerator,
        sum(lowest_denominator) as lowest_denominator,
        sum(highest_numerator) as highest_numerator,
        sum(highest_denominator) as highest_denominator
    from defect_bounds
    group by metric_code, store_key, month_start_on
),

-- Time that may not be real cannot be less than nothing; promoters less detractors can.
bounded as (
    select
        store_months.*,
        coalesce(defects.row_count, 0) as row_count,
        coalesce(defects.rule_count, 0) as rule_count,
        case
            when store_months.metric_code = 'nps'
                then store_months.numerator + coalesce(defects.lowest_numerator, 0)
            else
                greatest(
                    store_months.numerator + coalesce(defects.lowest_numerator, 0),
                    least(store_months.numerator, 0)
                )
        end as lowest_numerator,
        store_months.denominator + coalesce(defects.lowest_denominator, 0) as lowest_denominator,
        store_months.numerator + coalesce(defects.highest_numerator, 0) as highest_numerator,
        case
            when store_months.denominator is not null
                then
                    greatest(
                        store_months.denominator + coalesce(defects.highest_denominator, 0), 0
                    )
        end as highest_denominator
    from store_months
    left join defects
        on
            store_months.metric_code = defects.metric_code
            and store_months.store_key = defects.store_key
            and store_months.month_start_on = defects.month_start_on
),

final as (
    select
        {{ key(['metric_code', 'store_key', 'month_start_on']) }} as error_bound_key,
        metric_code,
        store_key,
        region_name,
        month_start_on,
        unit,
        is_complete,
        is_provisional,
        factor,
        numerator,
        denominator,
        cast(lowest_numerator as {{ numeric_type(20, 4) }}) as lowest_numerator,
        cast(lowest_denominator as {{ numeric_type(20, 4) }}) as lowest_denominator,
        cast(highest_numerator as {{ numeric_type(20, 4) }}) as highest_numerator,
        cast(highest_denominator as {{ numeric_type(20, 4) }}) as highest_denominator,
        metric_value,
        {{ metric_value('lowest_numerator', 'lowest_denominator', 'factor') }} as lowest_value,
        {{ metric_value('highest_numerator', 'highest_denominator', 'factor') }} as highest_value,
        cast(row_count as {{ dbt.type_int() }}) as defect_row_count,
        cast(rule_count as {{ dbt.type_int() }}) as defect_rule_count
    from bounded
)

select * from final
