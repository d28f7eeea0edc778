{{ config(meta={'rule_id': 'benchmark_stale'}) }}
-- No benchmark is past the last day it may be compared with.
-- A gap to a figure of years ago looks like a finding and is none.
-- Not judged: whether the figure was right when it was published.

with

benchmarks as (
    select * from {{ ref('benchmarks') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        benchmarks.valid_until as business_on,
        benchmarks.benchmark_code as row_key,
        'to be compared with until ' || cast(benchmarks.valid_until as {{ dbt.type_string() }})
            as detail
    from benchmarks
    cross join run_context
    where benchmarks.valid_until < run_context.as_of_on
)

select * from final
