-- depends_on: {{ ref('int_changed_periods') }}
-- depends_on: {{ ref('int_periods') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_compared_periods() }}",
    )
}}

{#- The change of a metric walked down its tree: by day, week and month, against the period before,
    a year earlier and, for a store's month, its region. Formulas stand in the macros walked_tree and
    shapley_effect; branches by members come from fct_metric_contributions. -#}
{%- set keys = ['scope_kind', 'scope_key', 'period_kind', 'period_start_on', 'comparison'] -%}

with
{% if is_incremental() %}
    other_periods as (
        select * from {{ ref('int_changed_periods') }}
        where has_other_sums and period_use <> 'gone'
    ),
{% endif %}
metric_comparisons as (
    select comparisons.* from {{ ref('int_metric_comparisons') }} as comparisons
    {%- if is_incremental() %}
        where {{ is_compared_again('comparisons') }}
    {%- endif %}
),

contributions as (
    select * from {{ ref('fct_metric_contributions') }}
),

metric_tree as (
    select * from {{ ref('metric_tree') }}
    where valid_to is null
),

limits as (
    select {{ threshold('residual_tolerance') }} as residual_tolerance
),

tree_factors as (
    select * from metric_tree
    where branch_kind = 'product'
),

member_branches as (
    select * from metric_tree
    where branch_kind = 'members'
),

-- A number tells a comparison apart faster than five names.
compared_periods as (
    select distinct {{ keys | join(', ') }}
    from metric_comparisons
),

numbers as (
    select
        {{ keys | join(', ') }},
        row_number() over (order by {{ keys | join(', ') }}) as comparison_number
    from compared_periods
),

numbered_comparisons as (
    select
        metric_comparisons.*,
        numbers.comparison_number
    from metric_comparisons
    inner join numbers
        on
            {% for key in keys -%}
                {%- if not loop.first %}and {% endif -%}
                metric_comparisons.{{ key }} = numbers.{{ key }}
            {% endfor %}
),

compared_values as (
    select
        comparison_number,
        metric_code,
        {{ metric_ratio('total_base_numerator', 'total_base_denominator', 'factor') }}
            as base_value,
        {{ metric_ratio('total_current_numerator', 'total_current_denominator', 'factor') }}
            as current_value
    from numbered_comparisons
    where total_base_numerator is not null
),

{{ walked_tree('compared_values', ['comparison_number']) }},

product_nodes as (
    select
        tree_nodes.root_code as metric_code,
        {%- for key in keys %}
            numbered_comparisons.{{ key }},
        {%- endfor %}
        numbered_comparisons.store_key,
        numbered_comparisons.region_name,
        numbered_comparisons.is_complete,
        numbered_comparisons.is_provisional,
        'product' as branch_code,
        tree_nodes.level_number,
        tree_nodes.node_path,
        tree_nodes.parent_path,
        tree_nodes.factor_code,
        cast(null as {{ dbt.type_string() }}) as member_code,
        cast(null as {{ dbt.type_string() }}) as member_title_zh,
        cast(null as {{ dbt.type_string() }}) as member_title_en,
        tree_nodes.base_value,
        tree_nodes.current_value,
        tree_nodes.contribution
    from tree_nodes
    inner join numbered_comparisons
        on
            tree_nodes.root_code = numbered_comparisons.metric_code
            and tree_nodes.comparison_number = numbered_comparisons.comparison_number
),

member_nodes as (
    select
        contributions.metric_code,
        contributions.scope_kind,
        contributions.scope_key,
        'month' as period_kind,
        contributions.month_start_on as period_start_on,
        contributions.comparison,
        contributions.store_key,
        contributions.region_name,
        contributions.is_complete,
        contributions.is_provisional,
        contributions.dimension_code as branch_code,
        1 as level_number,
        contributions.metric_code || '/' || contributions.dimension_code || '='
        || contributions.member_code as node_path,
        contributions.metric_code as parent_path,
        contributions.dimension_code as factor_code,
        contributions.member_code,
        contributions.member_title_zh,
        contributions.member_title_en,
        contributions.base_rate as base_value,
        contributions.current_rate as current_value,
        contributions.contribution
    from contributions
    inner join member_branches
        on
            contributions.metric_code = member_branches.metric_code
            and contributions.dimension_code = member_branches.factor_code
),

nodes as (
    select * from product_nodes

    union all

    select * from member_nodes
),

final as (
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        period_kind,
        period_start_on,
        comparison,
        is_complete,
        is_provisional,
        branch_code,
        cast(level_number as {{ dbt.type_int() }}) as level_number,
        node_path,
        parent_path,
        factor_code,
        member_code,
        member_title_zh,
        member_title_en,
        base_value,
        current_value,
        contribution
    from nodes
)

select * from final
