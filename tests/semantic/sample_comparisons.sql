-- Comparisons of the sample warehouse's four stores: one metric, two months.
create table marts.fct_metric_periods as
select
    'average_ticket' as metric_code,
    scopes.scope_kind,
    scopes.scope_key,
    scopes.store_key,
    scopes.region_name,
    'month' as period_kind,
    months.month_on as period_start_on,
    last_day(months.month_on) as period_end_on,
    last_day(months.month_on) as covered_to_on,
    'yuan_per_visit' as unit,
    'up' as direction,
    true as is_complete,
    true as is_fully_known,
    false as is_provisional,
    true as is_settled,
    31 as elapsed_day_count,
    20 as workday_count,
    if(months.month_on = date '2025-02-01', 18, null) as previous_workday_count,
    cast(null as integer) as last_year_workday_count,
    1 as factor,
    1 as points_factor,
    cast(
        100 * scopes.store_count * getvariable('factor') * month(months.month_on) as decimal(20, 4)
    ) as numerator,
    cast(scopes.store_count as decimal(20, 4)) as denominator,
    cast(
        if(
            months.month_on = date '2025-02-01',
            100 * scopes.store_count * getvariable('factor'),
            null
        ) as decimal(20, 4)
    ) as previous_numerator,
    cast(if(months.month_on = date '2025-02-01', scopes.store_count, null) as decimal(20, 4))
        as previous_denominator,
    cast(null as decimal(20, 4)) as last_year_numerator,
    cast(null as decimal(20, 4)) as last_year_denominator,
    cast(100 * getvariable('factor') * month(months.month_on) as decimal(20, 6)) as metric_value,
    cast(null as decimal(20, 6)) as previous_value,
    cast(null as decimal(20, 6)) as last_year_value,
    0 as fall_count,
    month(months.month_on) - 1 as rise_count,
    0 as worsening_count,
    month(months.month_on) - 1 as improving_count,
    false as is_accelerating,
    false as is_step_change,
    if(months.month_on = date '2025-02-01', 'improves', 'baseline') as trend_phase,
    cast(null as integer) as trend_period_count,
    cast(null as decimal(20, 6)) as trend_slope,
    cast(null as varchar) as trend_judgement
from (
    select 'store' as scope_kind, store_key as scope_key, store_key, region_name, 1 as store_count
    from marts.dim_store
    union all
    select 'region', region_name, null, region_name, 2
    from marts.dim_store group by region_name
    union all
    select 'network', 'network', null, null, 4
) as scopes
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_on);

create table marts.fct_metric_rankings as
select
    metric_code,
    period_kind,
    period_start_on,
    period_end_on,
    store_key,
    region_name,
    store_class,
    if(store_class in ('A', 'B'), 'established', 'developing') as comparison_group,
    is_new_store,
    'medium:balanced' as peer_group,
    unit,
    direction,
    is_complete,
    is_fully_known,
    is_provisional,
    factor,
    points_factor,
    metric_value,
    numerator,
    denominator,
    numerator as mean_numerator,
    denominator as mean_denominator,
    4 * numerator as network_numerator,
    4 * denominator as network_denominator,
    4 as network_store_count,
    1 as network_rank,
    2 * numerator as region_numerator,
    2 * denominator as region_denominator,
    2 as region_store_count,
    1 as region_rank,
    4 * numerator as peer_numerator,
    4 * denominator as peer_denominator,
    4 as peer_store_count,
    1 as peer_rank,
    if(region_name = '华北', 'S001', 'S003') as best_store_key,
    numerator as best_numerator,
    denominator as best_denominator,
    cast(0 as decimal(20, 6)) as adverse_deviation,
    'green' as flag
from marts.fct_metric_periods
inner join marts.dim_store using (store_key, region_name)
where scope_kind = 'store';

create table marts.fct_metric_dispersion as
select
    metric_code,
    scope_kind,
    scope_key,
    region_name,
    'all' as group_kind,
    'all' as group_code,
    period_kind,
    period_start_on,
    period_end_on,
    unit,
    direction,
    is_complete,
    is_provisional,
    factor,
    points_factor,
    numerator,
    denominator,
    cast(denominator as integer) as store_count,
    cast(denominator * metric_value as decimal(38, 6)) as value_sum,
    cast(denominator * metric_value * metric_value as decimal(38, 12)) as value_square_sum,
    metric_value as lowest_value,
    metric_value as highest_value,
    0 as above_mean_count,
    0 as below_mean_count
from marts.fct_metric_periods
where scope_kind <> 'store';

create table marts.fct_benchmark_gaps as
select
    metric_code,
    scope_kind,
    scope_key,
    store_key,
    region_name,
    period_start_on as month_start_on,
    'ticket_national' as benchmark_code,
    'national' as benchmark_scope,
    cast(null as varchar) as benchmark_region_name,
    '全国平均 / National mean' as benchmark_title,
    'sample' as benchmark_source,
    date '2025-01-01' as published_on,
    date '2025-12-31' as valid_until,
    false as is_stale,
    unit,
    direction,
    is_complete,
    is_fully_known,
    is_provisional,
    factor,
    points_factor,
    numerator,
    denominator,
    cast(150 as decimal(20, 6)) as benchmark_value
from marts.fct_metric_periods;
