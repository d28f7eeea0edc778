{#- The value on both sides, its change and how long it has gone that way. -#}
{% from 'sides.sql' import sides with context -%}
with

{{ sides(now, base, against) }},

whole as (
    select
        *,
        {{ metric_value('total_base_numerator', 'total_base_denominator', 'factor') }} as base_value,
        {{ metric_value('total_current_numerator', 'total_current_denominator', 'factor') }}
            as current_value
    from compared
    where metric_code = {{ text(metric) }}
),

-- Periods before the one asked for, the latest first, with the way each of them went.
history as (
    select
        period_start_on,
        metric_value,
        sign(metric_value - previous_value) as way,
        row_number() over (order by period_start_on desc) as age
    from marts.fct_metric_periods
    where
        metric_code = {{ text(metric) }}
        and scope_kind = {{ text(now.scope_kind) }}
        and scope_key = {{ text(now.scope_key) }}
        and period_kind = {{ text(now.period_kind) }}
        and period_start_on <= date {{ text(now.start) }}
),

turn as (
    select coalesce(min(history.age), (select max(history.age) from history)) as age
    from history
    inner join history as latest on latest.age = 1
    where history.way is distinct from latest.way
),

steps as (
    select
        turn.age - 1 as streak,
        (select list(history.metric_value order by history.period_start_on)
         from history where history.age <= least(turn.age, 6)) as path_values
    from turn
)

select
    whole.base_value,
    whole.current_value,
    whole.current_value - whole.base_value as change_value,
    cast(whole.current_value - whole.base_value as {{ double_type() }})
    / nullif(abs(cast(whole.base_value as {{ double_type() }})), 0) as change_ratio,
    whole.is_complete,
    whole.is_provisional,
    whole.base_store_count,
    steps.streak,
    steps.path_values
from whole
cross join steps
