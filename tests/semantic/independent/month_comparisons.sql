-- The months of every metric and scope for comparisons.sql, from `metric_values` (what is known of a
-- metric, a scope and a month) and `metric_kinds`. Only months that are over.
insert into seen
with

scopes as (
    select 'store' as scope_kind, store_key as scope_key, first_on from beginnings
    union all
    select 'region', stores.region_name, min(beginnings.first_on)
    from beginnings
    inner join newest_stores as stores on stores.store_id = beginnings.store_key
    group by all
    union all
    select 'network', 'network', min(first_on) from beginnings
    union all
    select 'peer', peer_group, min(beginnings.first_on)
    from beginnings
    inner join peers using (store_key)
    group by all
),

months as (
    select month_of(day_on) as start_on, count(*) filter (where is_workday) as workdays
    from calendar
    cross join known
    where
        day_on >= (select month_of(min(first_on)) from beginnings)
        and last_day(day_on) <= known.as_of_on
    group by all
),

grid as (
    select
        metric_kinds.*,
        scopes.*,
        months.*,
        coalesce(metric_values.value, if(is_ratio, null, 0)) as value
    from metric_kinds
    cross join scopes
    cross join months
    left join metric_values using (metric_code, scope_kind, scope_key, start_on)
    where scopes.first_on <= last_day(months.start_on)
)

select
    grid.metric_code,
    grid.scope_kind,
    grid.scope_key,
    'month',
    grid.start_on,
    grid.value,
    base.value,
    years.value,
    true,
    grid.first_on <= grid.start_on,
    grid.maturity_days > 0 and last_day(grid.start_on) > known.as_of_on - 30,
    grid.workdays,
    base.workdays,
    years.workdays,
    grid.direction,
    grid.is_ratio,
    grid.points_factor,
    grid.good_from,
    grid.good_to
from grid
cross join known
left join grid as base
    on
        base.metric_code = grid.metric_code
        and base.scope_kind = grid.scope_kind
        and base.scope_key = grid.scope_key
        and base.start_on = cast(grid.start_on - interval 1 month as date)
        and base.first_on <= base.start_on
left join grid as years
    on
        years.metric_code = grid.metric_code
        and years.scope_kind = grid.scope_kind
        and years.scope_key = grid.scope_key
        and years.start_on = cast(grid.start_on - interval 1 year as date)
        and years.first_on <= years.start_on;
