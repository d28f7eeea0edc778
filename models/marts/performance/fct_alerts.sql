with

episodes as (
    select * from {{ ref('int_alert_episodes') }}
),

alert_rules as (
    select * from {{ ref('alert_rules') }}
),

alert_metrics as (
    select * from {{ ref('alert_metrics') }}
),

alert_days as (
    select * from {{ ref('int_alert_days') }}
),

day_checks as (
    select * from {{ ref('int_alert_day_checks') }}
),

store_days as (
    select * from {{ ref('fct_store_day') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

alert_causes as (
    select * from {{ ref('fct_alert_causes') }}
),

alert_actions as (
    select * from {{ ref('fct_alert_actions') }}
),

decisions as (
    select * from {{ source('control', 'alert_decisions') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('alert_stake_days') }} as {{ dbt.type_int() }}) as stake_days,
        {{ threshold('alert_priority_days') }} as priority_days,
        {{ threshold('alert_priority_max_factor') }} as priority_max_factor
),

ruled as (
    select
        episodes.*,
        alert_rules.requirement,
        alert_rules.metric_code,
        alert_rules.deviation_unit,
        alert_rules.stake_kind,
        alert_rules.stake_factor,
        alert_rules.owner,
        alert_rules.title_zh,
        alert_rules.title_en,
        alert_rules.evidence_zh,
        alert_rules.evidence_en,
        alert_metrics.source_system,
        alert_metrics.shown_factor,
        alert_metrics.decimals,
        -- From the first day of the alert's first window, and never longer than the limit.
        greatest(
            episodes.first_window_from_on,
            {{ add_days('episodes.window_to_on', '1 - limits.stake_days') }}
        ) as stake_from_on
    from episodes
    inner join alert_rules
        on
            episodes.rule_id = alert_rules.rule_id
            and episodes.rule_version = alert_rules.version
    left join alert_metrics on alert_rules.metric_code = alert_metrics.metric_code
    cross join limits
),

days as (
    select
        'store' as scope_kind,
        store_key as scope_key,
        business_on,
        visit_count,
        revenue_amount,
        labour_amount,
        hours_sold,
        bay_available_minutes
    from store_days

    union all

    select
        'region' as scope_kind,
        stores.region_name as scope_key,
        store_days.business_on,
        sum(store_days.visit_count) as visit_count,
        sum(store_days.revenue_amount) as revenue_amount,
        sum(store_days.labour_amount) as labour_amount,
        sum(store_days.hours_sold) as hours_sold,
        sum(store_days.bay_available_minutes) as bay_available_minutes
    from store_days
    inner join stores on store_days.store_key = stores.store_key
    group by stores.region_name, store_days.business_on
),

day_sums as (
    select
        ruled.alert_id,
        sum(days.visit_count) as visit_count,
        sum(days.revenue_amount) as revenue_amount,
        sum(days.labour_amount) as labour_amount,
        sum(days.hours_sold) as hours_sold,
        sum(days.bay_available_minutes) as bay_available_minutes
    from ruled
    inner join days
        on
            ruled.scope_kind = days.scope_kind
            and ruled.scope_key = days.scope_key
            and ruled.stake_from_on <= days.business_on
            and ruled.window_to_on >= days.business_on
    group by ruled.alert_id
),

-- What is missing to the targets of the days, where the rule watches a sum that has targets.
shortfalls as (
    select
        ruled.alert_id,
        {{ window_sum('day_target', 'last_day', 'day_before') }}
        - {{ window_sum('numerator', 'last_day', 'day_before') }} as shortfall
    from ruled
    inner join alert_days as last_day
        on
            ruled.metric_code = last_day.metric_code
            and ruled.scope_kind = last_day.scope_kind
            and ruled.scope_key = last_day.scope_key
            and ruled.window_to_on = last_day.business_on
    left join alert_days as day_before
        on
            ruled.metric_code = day_before.metric_code
            and ruled.scope_kind = day_before.scope_kind
            and ruled.scope_key = day_before.scope_key
            and {{ add_days('ruled.stake_from_on', -1) }} = day_before.business_on
    where ruled.stake_kind in ('revenue', 'visits')
),

gaps as (
    select
        ruled.*,
        shortfalls.shortfall,
        day_sums.visit_count,
        cast(day_sums.revenue_amount as {{ double_type() }}) as revenue,
        cast(day_sums.revenue_amount as {{ double_type() }})
        / cast(nullif(day_sums.visit_count, 0) as {{ double_type() }}) as ticket,
        cast(day_sums.labour_amount as {{ double_type() }})
        / cast(nullif(day_sums.hours_sold, 0) as {{ double_type() }}) as labour_rate,
        cast(day_sums.bay_available_minutes as {{ double_type() }}) as bay_minutes,
        cast(abs(ruled.reference_value - ruled.signal_value) as {{ double_type() }}) as gap
    from ruled
    left join shortfalls on ruled.alert_id = shortfalls.alert_id
    left join day_sums on ruled.alert_id = day_sums.alert_id
),

exact_stakes as (
    select
        alert_id,
        -- By way of six decimals: what stands for half a cent rounds alike on every engine.
        cast(
            coalesce(
                case stake_kind
                    when 'revenue' then greatest(shortfall, 0)
                    when 'visits' then greatest(shortfall, 0) * ticket
                    when 'points' then gap * shown_factor * stake_factor * revenue
                    when 'margin' then gap * revenue
                    when 'ticket' then gap * visit_count
                    when 'bay_hours' then deviation * bay_minutes * labour_rate / 6000
                    when 'complaints' then gap * ticket * stake_factor
                    when 'list' then list_amount
                    else 0
                end,
                0
            ) as {{ numeric_type(24, 6) }}
        ) as exact_stake
    from gaps
),

stakes as (
    select
        alert_id,
        cast(exact_stake as {{ numeric_type(18, 2) }}) as yuan_at_stake
    from exact_stakes
),

data_days as (
    select
        ruled.alert_id,
        sum(day_checks.missing_day_count) as missing_day_count,
        sum(day_checks.unsound_day_count) as unsound_day_count,
        sum(day_checks.doubtful_day_count) as doubtful_day_count,
        sum(day_checks.row_count) as row_count,
        sum(day_checks.rows_quarantined) as rows_quarantined,
        sum(day_checks.rows_late) as rows_late
    from ruled
    inner join stores
        on
            ruled.region_name = stores.region_name
            and (ruled.scope_kind = 'region' or ruled.scope_key = stores.store_key)
    inner join day_checks
        on
            stores.store_key = day_checks.store_key
            and ruled.source_system = day_checks.source_system
            and ruled.window_from_on <= day_checks.business_on
            and ruled.window_to_on >= day_checks.business_on
    group by ruled.alert_id
),

earlier as (
    select
        alert_id,
        count(*) over (
            partition by rule_id, scope_key
            order by opened_on
            rows between unbounded preceding and current row
        ) - 1 as earlier_alert_count,
        sum(days_open) over (
            partition by rule_id, scope_key
            order by opened_on
            rows between unbounded preceding and 1 preceding
        ) as earlier_days_open
    from episodes
),

-- A decision is about the alert that was open for the rule and scope on its day: should late
-- records move the alert's first day, and with it its name, the decision still finds it.
ranked_decisions as (
    select
        episodes.alert_id,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_on,
        decisions.note,
        decisions.snoozed_until_on,
        row_number() over (
            partition by episodes.alert_id
            order by decisions.decision_number desc
        ) as newest_rank
    from episodes
    inner join decisions
        on
            episodes.rule_id = decisions.rule_id
            and episodes.rule_version = decisions.rule_version
            and episodes.scope_key = decisions.scope_key
            and episodes.opened_on <= decisions.decided_on
            and (episodes.closed_on is null or episodes.closed_on >= decisions.decided_on)
),

stated as (
    select
        ruled.*,
        stakes.yuan_at_stake,
        coalesce(data_days.missing_day_count, 0) as missing_day_count,
        coalesce(data_days.unsound_day_count, 0) as unsound_day_count,
        coalesce(data_days.doubtful_day_count, 0) as doubtful_day_count,
        coalesce(data_days.row_count, 0) as row_count,
        coalesce(data_days.rows_quarantined, 0) as rows_quarantined,
        coalesce(data_days.rows_late, 0) as rows_late,
        earlier.earlier_alert_count,
        coalesce(earlier.earlier_days_open, 0) as earlier_days_open,
        ranked_decisions.decision,
        ranked_decisions.decided_by,
        ranked_decisions.decided_on,
        ranked_decisions.note as decision_note,
        ranked_decisions.snoozed_until_on,
        case
            when not ruled.is_open then 'closed'
            when
                ranked_decisions.decision = 'snooze'
                and ranked_decisions.snoozed_until_on >= run_context.as_of_on
                then 'snoozed'
            when ranked_decisions.decision = 'acknowledge' then 'acknowledged'
            else 'open'
        end as status,
        case
            when ruled.classification = 'data' then ruled.scope_key || ':data'
            else ruled.scope_key
        end as group_key,
        case
            when ruled.classification = 'data' then 2
            when ruled.colour = 'red' then 1
            else 3
        end as severity_rank,
        -- What has stood for long weighs more.
        cast(
            stakes.yuan_at_stake * cast(
                least(
                    limits.priority_max_factor,
                    1 + cast(ruled.days_open as {{ double_type() }})
                    / cast(limits.priority_days as {{ double_type() }})
                ) as {{ numeric_type(9, 6) }}
            ) as {{ numeric_type(18, 2) }}
        ) as priority_score
    from ruled
    cross join run_context
    cross join limits
    inner join stakes on ruled.alert_id = stakes.alert_id
    inner join earlier on ruled.alert_id = earlier.alert_id
    left join data_days on ruled.alert_id = data_days.alert_id
    left join ranked_decisions
        on
            ruled.alert_id = ranked_decisions.alert_id
            and ranked_decisions.newest_rank = 1
),

speaking as (
    select * from stated
    where status in ('open', 'acknowledged')
),

-- One story a store: its alerts share what they cost, so a group weighs as much as its dearest.
story_groups as (
    select
        group_key,
        row_number() over (
            order by min(severity_rank) asc, max(priority_score) desc, group_key asc
        ) as group_rank
    from speaking
    group by group_key
),

priorities as (
    select
        speaking.alert_id,
        story_groups.group_rank,
        row_number() over (
            order by
                story_groups.group_rank asc,
                speaking.severity_rank asc,
                speaking.priority_score desc,
                speaking.alert_id asc
        ) as priority_rank,
        row_number() over (
            partition by speaking.group_key
            order by
                speaking.severity_rank asc,
                speaking.priority_score desc,
                speaking.alert_id asc
        ) as rank_in_group,
        max(speaking.yuan_at_stake) over (partition by speaking.group_key) as story_yuan_at_stake
    from speaking
    inner join story_groups on speaking.group_key = story_groups.group_key
),

texts as (
    select
        alert_id,
        {{ shown_number('signal_value', 'shown_factor', 'decimals') }} as value_text,
        {{ shown_number('reference_value', 'shown_factor', 'decimals') }} as reference_text,
        {{ shown_number('deviation', 1, 1) }} as deviation_text,
        {{ shown_number('last_fall', 'shown_factor', 'decimals') }} as last_fall_text,
        {{ shown_number('deviation + last_fall', 'shown_factor', 'decimals') }} as fall_text,
        {{ shown_number('streak_length', 1, 0) }} as streak_text,
        cast(window_to_on as {{ dbt.type_string() }}) as window_to_text
    from stated
),

data_texts as (
    select
        alert_id,
        case
            when missing_day_count > 0
                then
                    '缺' || cast(missing_day_count as {{ dbt.type_string() }}) || '个店日；'
            else ''
        end
        || case
            when unsound_day_count > 0
                then
                    '不可信' || cast(unsound_day_count as {{ dbt.type_string() }}) || '个店日；'
            else ''
        end
        || '隔离' || cast(rows_quarantined as {{ dbt.type_string() }})
        || '行、补录' || cast(rows_late as {{ dbt.type_string() }})
        || '行，共' || cast(row_count as {{ dbt.type_string() }}) || '行' as data_zh,
        case
            when missing_day_count > 0
                then cast(missing_day_count as {{ dbt.type_string() }}) || ' store days missing; '
            else ''
        end
        || case
            when unsound_day_count > 0
                then cast(unsound_day_count as {{ dbt.type_string() }}) || ' store days unsound; '
            else ''
        end
        || cast(rows_quarantined as {{ dbt.type_string() }}) || ' rows kept out, '
        || cast(rows_late as {{ dbt.type_string() }}) || ' keyed late, of '
        || cast(row_count as {{ dbt.type_string() }}) as data_en
    from stated
),

final as (
    select
        stated.alert_id,
        stated.rule_id,
        stated.rule_version,
        stated.requirement,
        stated.metric_code,
        stated.scope_kind,
        stated.scope_key,
        stated.store_key,
        stated.region_name,
        stated.opened_on,
        stated.red_on,
        stated.last_seen_on,
        stated.closed_on,
        stated.closing_reason,
        stated.is_open,
        cast(stated.days_open as {{ dbt.type_int() }}) as days_open,
        cast(stated.signal_day_count as {{ dbt.type_int() }}) as signal_day_count,
        stated.colour,
        stated.worst_colour,
        stated.classification,
        stated.status,
        stated.window_from_on,
        stated.window_to_on,
        stated.signal_value,
        stated.reference_value,
        stated.deviation,
        stated.deviation_unit,
        cast(stated.streak_length as {{ dbt.type_int() }}) as streak_length,
        stated.title_zh,
        stated.title_en,
        {{ filled_text('stated.evidence_zh', {
            'value': 'texts.value_text', 'reference': 'texts.reference_text',
            'deviation': 'texts.deviation_text', 'last_fall': 'texts.last_fall_text',
            'fall': 'texts.fall_text', 'streak': 'texts.streak_text',
            'to': 'texts.window_to_text',
        }) }} as evidence_zh,
        {{ filled_text('stated.evidence_en', {
            'value': 'texts.value_text', 'reference': 'texts.reference_text',
            'deviation': 'texts.deviation_text', 'last_fall': 'texts.last_fall_text',
            'fall': 'texts.fall_text', 'streak': 'texts.streak_text',
            'to': 'texts.window_to_text',
        }) }} as evidence_en,
        data_texts.data_zh as data_evidence_zh,
        data_texts.data_en as data_evidence_en,
        cast(stated.missing_day_count as {{ dbt.type_int() }}) as missing_day_count,
        cast(stated.unsound_day_count as {{ dbt.type_int() }}) as unsound_day_count,
        cast(stated.doubtful_day_count as {{ dbt.type_int() }}) as doubtful_day_count,
        cast(stated.rows_quarantined as {{ dbt.type_int() }}) as rows_quarantined,
        cast(stated.rows_late as {{ dbt.type_int() }}) as rows_late,
        stated.sound_value,
        stated.sound_deviation,
        stated.yuan_at_stake,
        alert_causes.cause_code as top_cause_code,
        alert_causes.cause_zh as top_cause_zh,
        alert_causes.cause_en as top_cause_en,
        alert_actions.action_zh as first_action_zh,
        alert_actions.action_en as first_action_en,
        stated.owner,
        cast(stated.earlier_alert_count as {{ dbt.type_int() }}) as earlier_alert_count,
        cast(stated.earlier_days_open as {{ dbt.type_int() }}) as earlier_days_open,
        stated.decided_by,
        stated.decided_on,
        stated.decision_note,
        stated.snoozed_until_on,
        case when priorities.rank_in_group = 1 then priorities.story_yuan_at_stake end
            as story_yuan_at_stake,
        stated.priority_score,
        stated.group_key,
        cast(priorities.group_rank as {{ dbt.type_int() }}) as group_rank,
        cast(priorities.rank_in_group as {{ dbt.type_int() }}) as rank_in_group,
        cast(priorities.priority_rank as {{ dbt.type_int() }}) as priority_rank
    from stated
    inner join texts on stated.alert_id = texts.alert_id
    inner join data_texts on stated.alert_id = data_texts.alert_id
    left join priorities on stated.alert_id = priorities.alert_id
    left join alert_causes
        on
            stated.alert_id = alert_causes.alert_id
            and alert_causes.cause_rank = 1
            and alert_causes.is_supported = 'yes'
    left join alert_actions
        on
            stated.alert_id = alert_actions.alert_id
            and alert_actions.action_rank = 1
)

select * from final
