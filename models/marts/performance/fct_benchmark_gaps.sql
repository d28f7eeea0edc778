{#-
  Every metric with a benchmark, by scope and month, beside each of its benchmarks. Gaps are not stored:
  a gap of two shares is told in percentage points, and both are divided by whoever asks.
-#}

with

metric_periods as (
    select * from {{ ref('fct_metric_periods') }}
    where period_kind = 'month'
),

benchmarks as (
    select * from {{ ref('benchmarks') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

final as (
    select
        metric_periods.metric_code,
        metric_periods.scope_kind,
        metric_periods.scope_key,
        metric_periods.store_key,
        metric_periods.region_name,
        metric_periods.period_start_on as month_start_on,
        benchmarks.benchmark_code,
        benchmarks.benchmark_scope,
        benchmarks.region_name as benchmark_region_name,
        benchmarks.title_zh || ' / ' || benchmarks.title_en as benchmark_title,
        benchmarks.source as benchmark_source,
        benchmarks.published_on,
        benchmarks.valid_until,
        benchmarks.valid_until < run_context.as_of_on as is_stale,
        metric_periods.unit,
        metric_periods.direction,
        metric_periods.is_complete,
        metric_periods.is_fully_known,
        metric_periods.is_provisional,
        metric_periods.factor,
        metric_periods.points_factor,
        metric_periods.numerator,
        metric_periods.denominator,
        benchmarks.benchmark_value
    from metric_periods
    cross join run_context
    inner join benchmarks on metric_periods.metric_code = benchmarks.metric_code
)

select * from final
