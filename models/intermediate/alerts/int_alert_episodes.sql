{#-
  Alerts: days that are not green, joined into one alert until enough green days in a row have closed it.
  Turning from yellow to red goes on with the same alert.
-#}

with

signals as (
    select * from {{ ref('int_alert_signals') }}
),

alert_rules as (
    select * from {{ ref('alert_rules') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

numbered as (
    select
        signals.*,
        alert_rules.close_after,
        alert_rules.stale_after_days,
        lag(signals.evaluated_on) over (
            partition by signals.rule_id, signals.version, signals.scope_key
            order by signals.evaluated_on
        ) as judged_before_on,
        row_number() over (
            partition by signals.rule_id, signals.version, signals.scope_key
            order by signals.evaluated_on
        ) as day_number
    from signals
    inner join alert_rules
        on
            signals.rule_id = alert_rules.rule_id
            and signals.version = alert_rules.version
),

-- Too long without a judgement ends an alert as well: a run of days that were judged.
runs as (
    select
        *,
        sum(
            case
                when {{ days_between('judged_before_on', 'evaluated_on') }} <= stale_after_days
                    then 0
                else 1
            end
        ) over (
            partition by rule_id, version, scope_key
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as run_number
    from numbered
),

run_ends as (
    select
        rule_id,
        version,
        scope_key,
        run_number,
        max({{ add_days('evaluated_on', 'stale_after_days') }}) as unjudged_on
    from runs
    group by rule_id, version, scope_key, run_number
),

-- A coloured day so many days after the last one that the alert had closed opens a new one.
coloured as (
    select
        *,
        case
            when
                day_number - lag(day_number) over (
                    partition by rule_id, version, scope_key, run_number
                    order by evaluated_on
                ) <= close_after
                then 0
            else 1
        end as is_onset
    from runs
    where colour <> 'green'
),

grouped as (
    select
        *,
        sum(is_onset) over (
            partition by rule_id, version, scope_key
            order by evaluated_on
            rows between unbounded preceding and current row
        ) as episode_number
    from coloured
),

ranked as (
    select
        *,
        row_number() over (
            partition by rule_id, version, scope_key, episode_number
            order by evaluated_on desc
        ) as newest_rank
    from grouped
),

episodes as (
    select
        rule_id,
        version,
        scope_key,
        episode_number,
        min(evaluated_on) as opened_on,
        max(evaluated_on) as last_seen_on,
        min(window_from_on) as first_window_from_on,
        min(case when colour = 'red' then evaluated_on end) as any_red_on,
        -- What only missing records made red was never red.
        min(case when colour = 'red' and classification <> 'data' then evaluated_on end) as red_on,
        count(*) as signal_day_count,
        -- The worst that can be said of it: a colour, and whether the records bear it out.
        min(
            case
                when classification = 'data' then case when colour = 'red' then 5 else 6 end
                when colour = 'red' then case when classification = 'business' then 1 else 2 end
                when classification = 'business' then 3
                else 4
            end
        ) as worst_rank,
        max(day_number) as last_number,
        max(run_number) as run_number,
        max(close_after) as close_after
    from ranked
    group by rule_id, version, scope_key, episode_number
),

ended as (
    select
        episodes.*,
        case
            when episodes.worst_rank in (1, 3) then 'business'
            when episodes.worst_rank in (2, 4) then 'uncertain'
            else 'data'
        end as classification,
        case when episodes.worst_rank in (1, 2, 5) then 'red' else 'yellow' end as worst_colour,
        coalesce(
            closing.evaluated_on,
            case when run_ends.unjudged_on < run_context.as_of_on then run_ends.unjudged_on end
        ) as closed_on,
        case
            when closing.evaluated_on is not null then 'green'
            when run_ends.unjudged_on < run_context.as_of_on then 'not_judged'
        end as closing_reason,
        run_context.as_of_on
    from episodes
    cross join run_context
    inner join run_ends
        on
            episodes.rule_id = run_ends.rule_id
            and episodes.version = run_ends.version
            and episodes.scope_key = run_ends.scope_key
            and episodes.run_number = run_ends.run_number
    left join runs as closing
        on
            episodes.rule_id = closing.rule_id
            and episodes.version = closing.version
            and episodes.scope_key = closing.scope_key
            and episodes.run_number = closing.run_number
            and episodes.last_number + episodes.close_after = closing.day_number
),

final as (
    select
        {{ key([
            'ended.rule_id', 'ended.version', 'ended.scope_key', 'ended.opened_on'
        ]) }} as alert_id,
        ended.rule_id,
        ended.version as rule_version,
        newest.scope_kind,
        ended.scope_key,
        newest.store_key,
        newest.region_name,
        ended.opened_on,
        case when ended.classification = 'data' then ended.any_red_on else ended.red_on end
            as red_on,
        ended.last_seen_on,
        ended.closed_on,
        ended.closing_reason,
        ended.closed_on is null as is_open,
        {{ days_between('ended.opened_on', 'coalesce(ended.closed_on, ended.as_of_on)') }} + 1
            as days_open,
        ended.signal_day_count,
        case
            when newest.classification = 'data' and ended.classification <> 'data'
                then ended.worst_colour
            else newest.colour
        end as colour,
        ended.worst_colour,
        ended.classification,
        ended.first_window_from_on,
        newest.window_from_on,
        newest.window_to_on,
        newest.signal_value,
        newest.reference_value,
        newest.deviation,
        newest.streak_length,
        newest.last_fall,
        newest.sound_value,
        newest.sound_deviation,
        newest.list_amount
    from ended
    inner join ranked as newest
        on
            ended.rule_id = newest.rule_id
            and ended.version = newest.version
            and ended.scope_key = newest.scope_key
            and ended.episode_number = newest.episode_number
            and newest.newest_rank = 1
)

select * from final
