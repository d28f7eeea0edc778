with

contributions as (
    select * from {{ ref('fct_metric_contributions') }}
),

unexplained_comparisons as (
    select * from {{ ref('int_unexplained_comparisons') }}
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
        is_mean_misleading,
        cast(null as {{ dbt.type_string() }}) as reason_zh,
        cast(null as {{ dbt.type_string() }}) as reason_en
    from judged_changes

    union all

    -- What no members explain is said once, with the reason instead of a dimension.
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        comparison,
        'not_explained' as dimension_code,
        cast(null as {{ dbt.type_string() }}) as denominator_kind,
        is_complete,
        is_provisional,
        base_value,
        current_value,
        cast(current_value - base_value as {{ numeric_type(20, 6) }}) as change_value,
        cast(null as {{ numeric_type(20, 6) }}) as residual_value,
        cast(0 as {{ dbt.type_int() }}) as member_count,
        cast(0 as {{ dbt.type_int() }}) as risen_count,
        cast(0 as {{ dbt.type_int() }}) as fallen_count,
        false as is_simpson_reversal,
        cast(null as {{ numeric_type(20, 6) }}) as mean_of_members,
        cast(null as {{ numeric_type(20, 6) }}) as mean_of_members_gap,
        false as is_mean_misleading,
        reason_zh,
        reason_en
    from unexplained_comparisons
)

select * from final
