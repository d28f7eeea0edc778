-- Change, streak, trend, rank and spread, computed a second time from the values of `seen`: one row
-- for a metric, a scope and a period, recomputed from landed records, with `base_value` and `year_value`
-- as far as their days are known. `places` says which group a store is ranked in. Written apart from the
-- models, with other means: dates by intervals, streaks by recursion, slopes and deviations by DuckDB's
-- own aggregates.
-- Values are kept to six places, a half going up: as decimals, since a double knows no half.
create macro six_places(amount) as
    cast(round(cast(amount as decimal(30, 12)), 6) as double);

create table judged as
select
    *,
    is_complete and is_known and not is_provisional and period_kind <> 'year_to_date' as is_settled,
    six_places(value) as shown,
    six_places(base_value) as base_shown,
    case direction
        when 'up' then -shown
        when 'down' then shown
        when 'band' then if(shown is null, null, greatest(good_from - shown, shown - good_to, 0))
    end as badness,
    case direction
        when 'up' then -base_shown
        when 'down' then base_shown
        when 'band'
            then if(
                base_shown is null, null, greatest(good_from - base_shown, base_shown - good_to, 0)
            )
    end as base_badness,
    row_number() over (
        partition by metric_code, scope_kind, scope_key, period_kind order by start_on
    ) as place
from seen;

create table moved as
select
    *,
    if(is_settled, sign(six_places(shown - base_shown)), null) as move,
    if(is_settled, sign(six_places(badness - base_badness)), null) as worse
from judged;

create table streaks as
with recursive

walked as (
    select
        metric_code, scope_kind, scope_key, period_kind, start_on, place,
        if(move = -1, 1, 0) as falls, if(move = 1, 1, 0) as rises,
        if(worse = 1, 1, 0) as worsenings, if(worse = -1, 1, 0) as improvements
    from moved
    where place = 1

    union all

    select
        moved.metric_code, moved.scope_kind, moved.scope_key, moved.period_kind, moved.start_on,
        moved.place,
        if(moved.move = -1, walked.falls + 1, 0), if(moved.move = 1, walked.rises + 1, 0),
        if(moved.worse = 1, walked.worsenings + 1, 0),
        if(moved.worse = -1, walked.improvements + 1, 0)
    from walked
    inner join moved
        on
            moved.metric_code = walked.metric_code
            and moved.scope_kind = walked.scope_kind
            and moved.scope_key = walked.scope_key
            and moved.period_kind = walked.period_kind
            and moved.place = walked.place + 1
)

select * from walked;

create table slopes as
with

lines as (
    select
        moved.metric_code, moved.scope_kind, moved.scope_key, moved.period_kind, moved.start_on,
        moved.place - earlier.place as steps,
        if(earlier.is_settled, if(moved.direction = 'band', earlier.badness, earlier.shown), null)
            as y
    from moved
    inner join moved as earlier
        on
            moved.metric_code = earlier.metric_code
            and moved.scope_kind = earlier.scope_kind
            and moved.scope_key = earlier.scope_key
            and moved.period_kind = earlier.period_kind
            and earlier.place between moved.place - 5 and moved.place
),

unbroken as (
    select
        *,
        coalesce(
            min(if(y is null, steps, null)) over (
                partition by metric_code, scope_kind, scope_key, period_kind, start_on
            ),
            6
        ) as break_at
    from lines
)

select
    metric_code, scope_kind, scope_key, period_kind, start_on,
    count(*) as periods,
    regr_slope(y, -steps) as slope
from unbroken
where steps < break_at
group by all
having count(*) >= 3;

create macro rate_per_workday(is_ratio, value, workdays, base, base_workdays) as
    if(
        base > 0,
        if(
            is_ratio,
            value / base,
            (value / nullif(workdays, 0)) / (base / nullif(base_workdays, 0))
        ) - 1,
        null
    );

create table trends as
select
    moved.*,
    points_factor * (value - base_value) as change,
    if(base_value > 0, value / base_value - 1, null) as change_rate,
    points_factor * (value - year_value) as year_change,
    if(year_value > 0, value / year_value - 1, null) as year_change_rate,
    rate_per_workday(is_ratio, value, workdays, base_value, base_workdays)
        as change_rate_per_workday,
    rate_per_workday(is_ratio, value, workdays, year_value, year_workdays)
        as year_change_rate_per_workday,
    if(is_settled, streaks.falls, null) as falls,
    if(is_settled, streaks.rises, null) as rises,
    if(is_settled and direction <> 'neutral', streaks.worsenings, null) as worsenings,
    if(is_settled and direction <> 'neutral', streaks.improvements, null) as improvements,
    slopes.periods,
    slopes.slope
from moved
inner join streaks using (metric_code, scope_kind, scope_key, period_kind, start_on)
left join slopes using (metric_code, scope_kind, scope_key, period_kind, start_on);

-- Every store in each group it is ranked in. A store that is not known for the whole period has no
-- rank; of a plain sum the mean is by store, and such a store is not in it.
create table placed as
with stores as (
    select * replace (if(is_known, badness, null) as badness)
    from judged
    where scope_kind = 'store' and period_kind in ('month', 'quarter', 'year_to_date')
)

select
    own.metric_code,
    own.scope_key as store_key,
    own.period_kind,
    own.start_on,
    own.points_factor,
    own.is_known,
    own.value,
    places.group_kind,
    places.group_key,
    if(own.is_ratio, any_value(whole.value), avg(other.value) filter (where other.is_known)) as mean,
    if(own.badness is null, null, count(*) filter (where other.badness < own.badness) + 1) as place,
    count(other.badness) as ranked_count,
    arg_min(other.value, (other.badness, other.scope_key)) filter (where other.badness is not null)
        as best_value
from stores as own
inner join places on places.store_key = own.scope_key
inner join places as neighbours
    on
        neighbours.group_kind = places.group_kind
        and neighbours.group_key = places.group_key
inner join stores as other
    on
        other.metric_code = own.metric_code
        and other.period_kind = own.period_kind
        and other.start_on = own.start_on
        and other.scope_key = neighbours.store_key
left join judged as whole
    on
        whole.metric_code = own.metric_code
        and whole.period_kind = own.period_kind
        and whole.start_on = own.start_on
        and whole.scope_kind = places.group_kind
        and whole.scope_key = places.group_key
group by
    own.metric_code, own.scope_key, own.period_kind, own.start_on, own.points_factor, own.is_known,
    own.value, own.is_ratio, own.badness, places.group_kind, places.group_key;

create table rankings as
select
    metric_code,
    store_key,
    period_kind,
    start_on,
    any_value(points_factor) as points_factor,
    any_value(value) as value,
    any_value(best_value) filter (where group_kind = 'region') as best_value,
    any_value(mean) filter (where group_kind = 'region') as region_mean,
    any_value(mean) filter (where group_kind = 'network') as network_mean,
    -- Fewer than three with a rank are no peers.
    any_value(mean) filter (where group_kind = 'peer' and ranked_count >= 3) as peer_mean,
    any_value(place) filter (where group_kind = 'region') as region_rank,
    any_value(place) filter (where group_kind = 'network') as network_rank,
    any_value(place) filter (where group_kind = 'peer' and ranked_count >= 3) as peer_rank,
    any_value(ranked_count) filter (where group_kind = 'region') as region_ranked_stores,
    any_value(ranked_count) filter (where group_kind = 'network') as network_ranked_stores,
    any_value(ranked_count) filter (where group_kind = 'peer') as peer_ranked_stores
from placed
group by metric_code, store_key, period_kind, start_on;

create table spreads as
select
    metric_code,
    group_kind as scope_kind,
    group_key as scope_key,
    period_kind,
    start_on,
    count(value) filter (where is_known) as store_count,
    any_value(mean) as mean,
    -- Values of stores are kept to six places.
    avg(six_places(value)) filter (where is_known) as plain_mean,
    stddev_pop(six_places(value)) filter (where is_known) as deviation,
    min(six_places(value)) filter (where is_known) as lowest,
    max(six_places(value)) filter (where is_known) as highest,
    count(*) filter (where is_known and six_places(value) > six_places(mean)) as above,
    count(*) filter (where is_known and six_places(value) < six_places(mean)) as below
from placed
where group_kind in ('region', 'network')
group by metric_code, group_kind, group_key, period_kind, start_on;
