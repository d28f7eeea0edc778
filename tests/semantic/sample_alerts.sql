-- Alerts of the sample warehouse's stores and of one region.
create table marts.fct_alerts as
with scopes as (
    select 'store' as scope_kind, store_key as scope_key, store_key, region_name
    from marts.dim_store

    union all

    select distinct 'region', region_name, null, region_name
    from marts.dim_store
)

select
    'A9_visits:1:' || scope_key || ':2025-02-01' as alert_id,
    'A9_visits' as rule_id,
    1 as rule_version,
    'A9' as requirement,
    'visits' as metric_code,
    scope_kind,
    scope_key,
    store_key,
    region_name,
    date '2025-02-01' as opened_on,
    date '2025-02-01' as red_on,
    date '2025-02-03' as last_seen_on,
    cast(null as date) as closed_on,
    cast(null as varchar) as closing_reason,
    true as is_open,
    3 as days_open,
    3 as signal_day_count,
    'red' as colour,
    'red' as worst_colour,
    'business' as classification,
    'open' as status,
    date '2025-02-01' as window_from_on,
    date '2025-02-03' as window_to_on,
    cast(85 as decimal(20, 6)) as signal_value,
    cast(110 as decimal(20, 6)) as reference_value,
    cast(22.7 as decimal(20, 6)) as deviation,
    'percent' as deviation_unit,
    0 as streak_length,
    '进厂台次异常' as title_zh,
    'Visits of the last days below target' as title_en,
    '近3天日均进厂85.0台' as evidence_zh,
    'Mean of the last 3 days 85.0 visits' as evidence_en,
    '隔离0行' as data_evidence_zh,
    '0 rows kept out' as data_evidence_en,
    0 as missing_day_count,
    0 as unsound_day_count,
    0 as doubtful_day_count,
    0 as rows_quarantined,
    0 as rows_late,
    cast(85 as decimal(20, 6)) as sound_value,
    cast(22.7 as decimal(20, 6)) as sound_deviation,
    cast(1000 as decimal(18, 2)) as yuan_at_stake,
    'appointment_fault' as top_cause_code,
    '预约系统故障' as top_cause_zh,
    'Appointment system fault' as top_cause_en,
    '立即核查预约系统' as first_action_zh,
    'Check the appointment system at once' as first_action_en,
    'store-operations' as owner,
    0 as earlier_alert_count,
    0 as earlier_days_open,
    cast(null as varchar) as decided_by,
    cast(null as date) as decided_on,
    cast(null as varchar) as decision_note,
    cast(null as date) as snoozed_until_on,
    cast(1000 as decimal(18, 2)) as story_yuan_at_stake,
    cast(1100 as decimal(18, 2)) as priority_score,
    scope_key as group_key,
    1 as group_rank,
    1 as rank_in_group,
    1 as priority_rank
from scopes;

create table marts.fct_alert_causes as
select
    alert_id || ':appointment_fault' as alert_cause_key,
    alert_id,
    rule_id,
    scope_kind,
    scope_key,
    store_key,
    region_name,
    opened_on,
    is_open,
    'appointment_fault' as cause_code,
    '预约系统故障' as cause_zh,
    'Appointment system fault' as cause_en,
    'appointments_due' as tested_metric,
    'change_percent' as comparison,
    'below' as supported_when,
    cast(-25 as decimal(18, 6)) as tested_threshold,
    cast(-40 as decimal(20, 6)) as tested_value,
    cast(6 as decimal(20, 6)) as window_value,
    cast(10 as decimal(20, 6)) as reference_value,
    'yes' as is_supported,
    1 as cause_rank
from marts.fct_alerts;

create table marts.fct_alert_actions as
select
    alert_id || ':1' as alert_action_key,
    alert_id,
    rule_id,
    scope_kind,
    scope_key,
    store_key,
    region_name,
    opened_on,
    is_open,
    1 as action_rank,
    'appointment_fault' as cause_code,
    '立即核查预约系统' as action_zh,
    'Check the appointment system at once' as action_en,
    'store_manager' as owner_role
from marts.fct_alerts;
