{#-
  Each probable cause of an alert, tested on the sums of the alert's window against those of the weeks
  before it or of the region.
-#}
{%- set sums = store_day_sums() + mature_sums().keys() | list -%}

with

episodes as (
    select * from {{ ref('int_alert_episodes') }}
),

alert_rules as (
    select * from {{ ref('alert_rules') }}
),

alert_causes as (
    select * from {{ ref('alert_causes') }}
    where valid_to is null
),

alert_metrics as (
    select * from {{ ref('alert_metrics') }}
),

store_days as (
    select * from {{ ref('fct_store_day') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

advisors as (
    select * from {{ ref('dim_advisor') }}
),

technicians as (
    select * from {{ ref('dim_technician') }}
),

complaints as (
    select * from {{ ref('fct_complaints') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select
        cast({{ threshold('alert_cause_days') }} as {{ dbt.type_int() }}) as cause_days,
        cast({{ threshold('alert_cause_history_days') }} as {{ dbt.type_int() }}) as history_days
),

metrics as (
    {{ metric_facts() }}
),

tested as (
    select
        episodes.alert_id,
        episodes.rule_id,
        episodes.scope_kind,
        episodes.scope_key,
        episodes.store_key,
        episodes.region_name,
        episodes.opened_on,
        episodes.is_open,
        alert_rules.metric_code,
        alert_causes.cause_code,
        alert_causes.cause_order,
        alert_causes.tested_metric,
        alert_causes.comparison,
        alert_causes.supported_when,
        alert_causes.threshold,
        alert_causes.lead_days,
        alert_causes.cause_zh,
        alert_causes.cause_en,
        {{ add_days('episodes.window_from_on', '-alert_causes.lead_days') }} as from_on,
        episodes.window_to_on as to_on
    from episodes
    inner join alert_rules
        on
            episodes.rule_id = alert_rules.rule_id
            and episodes.rule_version = alert_rules.version
    inner join alert_causes on alert_rules.metric_code = alert_causes.metric_code
    cross join limits
    cross join run_context
    where
        episodes.last_seen_on
        > {{ add_days('run_context.as_of_on', '-limits.history_days') }}
),

-- The spans of days to add up: of the alert, of the weeks before it, of its region.
windows as (
    select distinct
        alert_id,
        lead_days,
        scope_kind,
        scope_key,
        region_name,
        from_on,
        to_on,
        comparison in ('region_percent', 'region_points') as is_against_region
    from tested
    where comparison <> 'none'
),

spans as (
    select
        alert_id,
        lead_days,
        'window' as part,
        scope_kind as span_kind,
        scope_key as span_key,
        from_on,
        to_on
    from windows

    union distinct

    select
        windows.alert_id,
        windows.lead_days,
        'before' as part,
        windows.scope_kind as span_kind,
        windows.scope_key as span_key,
        {{ add_days('windows.from_on', '-limits.cause_days') }} as from_on,
        {{ add_days('windows.from_on', -1) }} as to_on
    from windows
    cross join limits

    union distinct

    select
        alert_id,
        lead_days,
        'region' as part,
        'region' as span_kind,
        region_name as span_key,
        from_on,
        to_on
    from windows
    where is_against_region
),

days as (
    select
        store_days.*,
        {%- for name, column in mature_sums().items() %}
            store_days.{{ column }} as {{ name }},
        {%- endfor %}
        stores.region_name
    from store_days
    inner join stores on store_days.store_key = stores.store_key
    where store_days.order_count > 0
),

span_days as (
    select
        spans.alert_id,
        spans.lead_days,
        spans.part,
        days.*
    from spans
    inner join days
        on
            spans.span_key = days.store_key
            and spans.from_on <= days.business_on
            and spans.to_on >= days.business_on
    where spans.span_kind = 'store'

    union all

    select
        spans.alert_id,
        spans.lead_days,
        spans.part,
        days.*
    from spans
    inner join days
        on
            spans.span_key = days.region_name
            and spans.from_on <= days.business_on
            and spans.to_on >= days.business_on
    where spans.span_kind = 'region'
),

span_sums as (
    select
        alert_id,
        lead_days,
        part,
        {%- for name in sums %}
            sum({{ name }}) as {{ name }},
        {%- endfor %}
        count(distinct business_on) as day_count
    from span_days
    group by alert_id, lead_days, part
),

-- What is counted beside the sums of the store day.
counts as (
    select
        'advisors_left' as counted_code,
        store_key,
        left_on as counted_on
    from advisors
    where left_on is not null

    union all

    select
        'technicians_left' as counted_code,
        store_key,
        left_on as counted_on
    from technicians
    where left_on is not null

    union all

    select
        'complaints_' || topic_code as counted_code,
        store_key,
        business_on as counted_on
    from complaints
    where topic_code is not null
),

scoped_counts as (
    select
        counted_code,
        'store' as scope_kind,
        store_key as scope_key,
        counted_on
    from counts

    union all

    select
        counts.counted_code,
        'region' as scope_kind,
        stores.region_name as scope_key,
        counts.counted_on
    from counts
    inner join stores on counts.store_key = stores.store_key
),

counted as (
    select * from tested
    where
        tested_metric in ('advisors_left', 'technicians_left')
        or tested_metric like 'complaints_%'
),

count_sums as (
    select
        counted.alert_id,
        counted.cause_code,
        count(scoped_counts.counted_code) as counted
    from counted
    left join scoped_counts
        on
            counted.tested_metric = scoped_counts.counted_code
            and counted.scope_kind = scoped_counts.scope_kind
            and counted.scope_key = scoped_counts.scope_key
            and counted.from_on <= scoped_counts.counted_on
            and counted.to_on >= scoped_counts.counted_on
    group by counted.alert_id, counted.cause_code
),

parts as (
    select
        tested.alert_id,
        tested.cause_code,
        span_sums.part,
        span_sums.day_count,
        coalesce(metrics.factor, 1) as factor,
        case
            when tested.tested_metric = 'technician_days'
                then cast(span_sums.technician_day_count as {{ numeric_type(20, 4) }})
            else {{ metric_part('tested.tested_metric', 'numerator') }}
        end as numerator,
        {{ metric_part('tested.tested_metric', 'denominator') }} as denominator
    from tested
    inner join span_sums
        on
            tested.alert_id = span_sums.alert_id
            and tested.lead_days = span_sums.lead_days
    left join metrics on tested.tested_metric = metrics.metric_code
),

part_values as (
    select
        alert_id,
        cause_code,
        part,
        cast(
            case
                when denominator is null
                    then
                        cast(numerator as {{ double_type() }})
                        / cast(nullif(day_count, 0) as {{ double_type() }})
                else {{ metric_value('numerator', 'denominator', 'factor') }}
            end as {{ numeric_type(20, 6) }}
        ) as part_value
    from parts
),

compared as (
    select
        alert_id,
        cause_code,
        max(case when part = 'window' then part_value end) as window_value,
        max(case when part = 'before' then part_value end) as before_value,
        max(case when part = 'region' then part_value end) as region_value
    from part_values
    group by alert_id, cause_code
),

valued as (
    select
        tested.*,
        alert_metrics.shown_factor,
        cast(coalesce(count_sums.counted, compared.window_value) as {{ numeric_type(20, 6) }})
            as window_value,
        case
            when tested.comparison in ('change_percent', 'change_points')
                then compared.before_value
            when tested.comparison in ('region_percent', 'region_points')
                then compared.region_value
        end as reference_value
    from tested
    left join compared
        on
            tested.alert_id = compared.alert_id
            and tested.cause_code = compared.cause_code
    left join count_sums
        on
            tested.alert_id = count_sums.alert_id
            and tested.cause_code = count_sums.cause_code
    left join alert_metrics on tested.tested_metric = alert_metrics.metric_code
),

measured as (
    select
        *,
        cast(
            case
                when comparison in ('change_percent', 'region_percent')
                    then
                        100 * cast(window_value - reference_value as {{ double_type() }})
                        / abs(cast(nullif(reference_value, 0) as {{ double_type() }}))
                when comparison in ('change_points', 'region_points')
                    then shown_factor * (window_value - reference_value)
                when comparison = 'level' then window_value
            end as {{ numeric_type(20, 6) }}
        ) as tested_value
    from valued
),

judged as (
    select
        *,
        case
            when tested_value is null then 'unknown'
            when supported_when = 'below' and tested_value <= threshold then 'yes'
            when supported_when = 'above' and tested_value >= threshold then 'yes'
            else 'no'
        end as is_supported,
        abs(
            cast(tested_value as {{ double_type() }})
            / cast(nullif(threshold, 0) as {{ double_type() }})
        ) as strength
    from measured
),

ranked as (
    select
        *,
        row_number() over (
            partition by alert_id
            order by
                case is_supported when 'yes' then 1 when 'unknown' then 2 else 3 end,
                case when is_supported = 'yes' then -strength end,
                cause_order
        ) as cause_rank
    from judged
),

final as (
    select
        {{ key(['alert_id', 'cause_code']) }} as alert_cause_key,
        alert_id,
        rule_id,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        opened_on,
        is_open,
        cause_code,
        cause_zh,
        cause_en,
        tested_metric,
        comparison,
        supported_when,
        threshold as tested_threshold,
        tested_value,
        window_value,
        reference_value,
        is_supported,
        cast(cause_rank as {{ dbt.type_int() }}) as cause_rank
    from ranked
)

select * from final
