with

episodes as (
    select * from {{ ref('int_alert_episodes') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('alert_cause_history_days') }} as {{ dbt.type_int() }}) as history_days
),

alert_rules as (
    select * from {{ ref('alert_rules') }}
),

alert_actions as (
    select * from {{ ref('alert_actions') }}
    where valid_to is null
),

alert_causes as (
    select * from {{ ref('fct_alert_causes') }}
),

-- An action against a cause is proposed when the records support the cause.
proposed as (
    select
        episodes.alert_id,
        episodes.rule_id,
        episodes.scope_kind,
        episodes.scope_key,
        episodes.store_key,
        episodes.region_name,
        episodes.opened_on,
        episodes.is_open,
        alert_actions.action_order,
        alert_actions.cause_code,
        alert_actions.action_zh,
        alert_actions.action_en,
        alert_actions.owner_role,
        row_number() over (
            partition by episodes.alert_id
            order by
                case when alert_causes.cause_rank is null then 1 else 0 end,
                alert_causes.cause_rank,
                alert_actions.action_order
        ) as action_rank
    from episodes
    inner join alert_rules
        on
            episodes.rule_id = alert_rules.rule_id
            and episodes.rule_version = alert_rules.version
    inner join alert_actions on alert_rules.metric_code = alert_actions.metric_code
    left join alert_causes
        on
            episodes.alert_id = alert_causes.alert_id
            and alert_actions.cause_code = alert_causes.cause_code
            and alert_causes.is_supported = 'yes'
    cross join limits
    cross join run_context
    where
        (alert_actions.cause_code is null or alert_causes.alert_id is not null)
        and episodes.last_seen_on
        > {{ add_days('run_context.as_of_on', '-limits.history_days') }}
),

final as (
    select
        {{ key(['alert_id', 'action_order']) }} as alert_action_key,
        alert_id,
        rule_id,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        opened_on,
        is_open,
        cast(action_rank as {{ dbt.type_int() }}) as action_rank,
        cause_code,
        action_zh,
        action_en,
        owner_role
    from proposed
)

select * from final
