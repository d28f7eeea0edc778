-- The health score of every scope and month, from the values of `seen`: rule sets are declared data,
-- the steps of a gap are written here.
create table health_items as
with

valued as (
    select
        items.rule_set_code,
        items.item_code,
        items.pillar_code,
        items.weight,
        items.target_low,
        items.target_high,
        seen.scope_kind,
        seen.scope_key,
        seen.start_on,
        seen.period_kind,
        -- What has not matured has no score yet.
        if(
            seen.is_provisional,
            null,
            six_places(items.value_scale * if(
                items.value_basis = 'value',
                six_places(seen.value),
                if(seen.year_value <> 0, (seen.value - seen.year_value) / seen.year_value, null)
            ))
        ) as item_value
    from read_csv(getvariable('scores') || '/score_items.csv') as items
    inner join seen using (metric_code)
    where seen.scope_kind <> 'peer'
),

missed as (
    select
        *,
        greatest(target_low - item_value, coalesce(item_value - target_high, 0), 0) as gap,
        if(item_value > target_high, target_high, target_low) as missed_target,
        if(
            rule_set_code = 'relative_band',
            six_places(100 * gap / abs(missed_target)),
            six_places(gap)
        ) as judged
    from valued
)

select
    * replace (if(item_value is null, null, gap) as gap),
    case
        when item_value is null then null
        when judged = 0 then 100
        -- A gap of five is the next step for the one rule set and not for the other.
        when judged < 5 or (judged = 5 and rule_set_code = 'relative_band') then 80
        when judged <= 10 then 60
        else 40
    end as score
from missed;

create table healths as
select
    rule_set_code,
    part_code,
    scope_kind,
    scope_key,
    start_on,
    period_kind,
    sum(weight * score) / sum(weight) filter (where score is not null) as total,
    coalesce(sum(weight) filter (where score is not null), 0) as scored
from (
    select *, 'total' as part_code from health_items
    union all
    select *, pillar_code from health_items
)
group by all;
