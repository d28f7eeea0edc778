-- depends_on: {{ ref('int_changed_rankings') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_changed_rankings() }}",
    )
}}

{#-
  How the values of stores lie around their mean. Sums and sums of squares are kept, so that spread is
  computed last; values are squared as decimals, which every engine does alike.
-#}
{%- set groups = [
    ('all', "'all'"),
    ('store_class', "coalesce(store_class, 'unknown')"),
    ('comparison_group', "coalesce(comparison_group, 'unknown')"),
] -%}

with

all_rankings as (
    select * from {{ ref('fct_metric_rankings') }}
),
{% if is_incremental() %}
    changed_rankings as (
        select * from {{ ref('int_changed_rankings') }}
    ),
{% endif %}
store_rankings as (
    select all_rankings.*
    from all_rankings
    {%- if is_incremental() %}
        inner join changed_rankings
            on
                all_rankings.period_kind = changed_rankings.period_kind
                and all_rankings.period_start_on = changed_rankings.period_start_on
    {%- endif %}
),

valued as (
    select
        *,
        {{ metric_value('region_numerator', 'region_denominator', 'factor') }} as region_mean,
        {{ metric_value('network_numerator', 'network_denominator', 'factor') }} as network_mean,
        case
            when is_fully_known then cast(metric_value as {{ numeric_type(18, 6) }})
        end as compared_value
    from store_rankings
),

scoped as (
    select
        valued.*,
        'region' as scope_kind,
        valued.region_name as scope_key,
        valued.region_name as scope_region_name,
        valued.region_mean as scope_mean
    from valued

    union all

    select
        valued.*,
        'network' as scope_kind,
        'network' as scope_key,
        cast(null as {{ dbt.type_string() }}) as scope_region_name,
        valued.network_mean as scope_mean
    from valued
),

grouped as (
    {%- for group_kind, group_code in groups %}
        select
            scoped.*,
            '{{ group_kind }}' as group_kind,
            {{ group_code }} as group_code
        from scoped
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        metric_code,
        scope_kind,
        scope_key,
        scope_region_name as region_name,
        group_kind,
        group_code,
        period_kind,
        period_start_on,
        period_end_on,
        unit,
        direction,
        is_complete,
        max(case when is_provisional then 1 else 0 end) = 1 as is_provisional,
        factor,
        points_factor,
        cast(sum(mean_numerator) as {{ numeric_type(20, 4) }}) as numerator,
        cast(sum(mean_denominator) as {{ numeric_type(20, 4) }}) as denominator,
        cast(count(compared_value) as {{ dbt.type_int() }}) as store_count,
        cast(sum(compared_value) as {{ numeric_type(38, 6) }}) as value_sum,
        -- One of the two is wider: the square of two short decimals would have to be one.
        cast(
            sum(cast(compared_value as {{ numeric_type(19, 6) }}) * compared_value)
            as {{ numeric_type(38, 12) }}
        ) as value_square_sum,
        cast(min(compared_value) as {{ numeric_type(20, 6) }}) as lowest_value,
        cast(max(compared_value) as {{ numeric_type(20, 6) }}) as highest_value,
        cast(sum(case when compared_value > scope_mean then 1 else 0 end) as {{ dbt.type_int() }})
            as above_mean_count,
        cast(sum(case when compared_value < scope_mean then 1 else 0 end) as {{ dbt.type_int() }})
            as below_mean_count
    from grouped
    group by
        metric_code, scope_kind, scope_key, scope_region_name, group_kind, group_code,
        period_kind, period_start_on, period_end_on, unit, direction, is_complete, factor,
        points_factor
)

select * from final
