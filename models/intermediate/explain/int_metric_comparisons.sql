-- depends_on: {{ ref('int_changed_periods') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_compared_periods() }}",
    )
}}

{#- The two sides of every comparison that is explained: sums of a scope and period beside those of
    another. -#}

with

run_context as (
    select * from {{ source('control', 'run_context') }}
),


periods as (
    select * from {{ ref('int_periods') }}
),

metric_tree as (
    select * from {{ ref('metric_tree') }}
    where valid_to is null
),

limits as (
    select cast({{ threshold('contribution_months') }} as {{ dbt.type_int() }}) as month_count
),

-- Days and weeks are explained by the tree alone, of the metrics that stand in it.
tree_metrics as (
    select metric_code
    from metric_tree
    where branch_kind = 'product'

    union distinct

    select factor_code as metric_code
    from metric_tree
    where branch_kind = 'product'
),

trend_start as (
    select min(period_start_on) as first_day_on
    from periods
    where period_kind = 'day' and period_use = 'shown'
),

recent_periods as (
    select periods.*
    from periods
    cross join run_context
    cross join limits
    cross join trend_start
    where
        periods.period_kind = 'day'
        or (
            periods.period_kind = 'week'
            and periods.period_start_on >= trend_start.first_day_on
        )
        or (
            periods.period_kind = 'month'
            and {{ month_number('periods.period_start_on') }}
            > {{ month_number('run_context.as_of_on') }} - limits.month_count
        )
),

{% if is_incremental() %}
    other_periods as (
        select * from {{ ref('int_changed_periods') }}
        where has_other_sums and period_use <> 'gone'
    ),
{% endif %}
metric_periods as (
    select periods_now.* from {{ ref('fct_metric_periods') }} as periods_now
    {%- if is_incremental() %}
        where {{ is_compared_again('periods_now') }}
    {%- endif %}
),

values_now as (
    select
        metric_periods.*,
        recent_periods.previous_start_on,
        recent_periods.last_year_start_on
    from metric_periods
    inner join recent_periods
        on
            metric_periods.period_kind = recent_periods.period_kind
            and metric_periods.period_start_on = recent_periods.period_start_on
    where
        metric_periods.period_kind = 'month'
        or metric_periods.metric_code in (select tree_metrics.metric_code from tree_metrics)
),

store_counts as (
    select
        region_name,
        period_start_on,
        count(distinct store_key) as store_count
    from values_now
    where scope_kind = 'store' and period_kind = 'month'
    group by region_name, period_start_on
),

final as (
    {%- for comparison in ['previous', 'last_year'] %}
        select
            metric_code,
            scope_kind,
            scope_key,
            store_key,
            region_name,
            period_kind,
            period_start_on,
            '{{ comparison }}' as comparison,
            is_complete,
            is_provisional,
            factor,
            scope_kind as base_scope_kind,
            scope_key as base_scope_key,
            {{ comparison }}_start_on as base_start_on,
            case when is_complete then 'whole' else 'to_date' end as base_part,
            1 as base_store_count,
            numerator as total_current_numerator,
            denominator as total_current_denominator,
            {{ comparison }}_numerator as total_base_numerator,
            {{ comparison }}_denominator as total_base_denominator
        from values_now

        union all
    {% endfor %}
    -- A store's sum is compared with the mean store of its region, a ratio with that of the region.
    select
        values_now.metric_code,
        values_now.scope_kind,
        values_now.scope_key,
        values_now.store_key,
        values_now.region_name,
        values_now.period_kind,
        values_now.period_start_on,
        'region_mean' as comparison,
        values_now.is_complete,
        values_now.is_provisional,
        values_now.factor,
        regions.scope_kind as base_scope_kind,
        regions.scope_key as base_scope_key,
        values_now.period_start_on as base_start_on,
        'whole' as base_part,
        case when values_now.denominator is null then store_counts.store_count else 1 end
            as base_store_count,
        values_now.numerator as total_current_numerator,
        values_now.denominator as total_current_denominator,
        {{ round_half_up(
            'cast(regions.numerator as ' ~ double_type() ~ ') / case '
            ~ 'when values_now.denominator is null then store_counts.store_count else 1 end',
            20, 4
        ) }} as total_base_numerator,
        regions.denominator as total_base_denominator
    from values_now
    inner join values_now as regions
        on
            regions.scope_kind = 'region'
            and values_now.metric_code = regions.metric_code
            and values_now.region_name = regions.scope_key
            and values_now.period_kind = regions.period_kind
            and values_now.period_start_on = regions.period_start_on
    inner join store_counts
        on
            values_now.region_name = store_counts.region_name
            and values_now.period_start_on = store_counts.period_start_on
    where values_now.scope_kind = 'store' and values_now.period_kind = 'month'
)

select * from final
