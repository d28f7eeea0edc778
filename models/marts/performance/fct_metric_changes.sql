with

contributions as (
    select * from {{ ref('fct_metric_contributions') }}
),

limits as (
    select {{ threshold('mean_of_means_tolerance') }} as mean_of_means_tolerance
),

{{ dimension_changes('contributions', [
    'metric_code', 'scope_kind', 'scope_key', 'store_key', 'region_name', 'month_start_on',
    'comparison', 'dimension_code', 'denominator_kind', 'is_complete', 'is_provisional',
]) }},

final as (
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        comparison,
        dimension_code,
        denominator_kind,
        is_complete,
        is_provisional,
        base_value,
        current_value,
        change_value,
        residual_value,
        member_count,
        risen_count,
        fallen_count,
        is_simpson_reversal,
        mean_of_members,
        mean_of_members_gap,
        is_mean_misleading
    from judged_changes
)

select * from final
