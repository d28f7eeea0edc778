{#- The change walked down the tree of the metric; leaves are what the finding names. -#}
{% from 'sides.sql' import sides with context -%}
with

{{ sides(now, base, against) }},

limits as (
    select value as residual_tolerance
    from reference.thresholds
    where threshold_code = 'residual_tolerance' and valid_to is null
),

tree_factors as (
    select * from reference.metric_tree
    where branch_kind = 'product' and valid_to is null
),

compared_values as (
    select
        1 as question,
        metric_code,
        {{ metric_ratio('total_base_numerator', 'total_base_denominator', 'factor') }}
            as base_value,
        {{ metric_ratio('total_current_numerator', 'total_current_denominator', 'factor') }}
            as current_value
    from compared
),

{{ walked_tree('compared_values', ['question']) }},

asked as (
    select * from tree_nodes
    where root_code = {{ text(metric) }}
)

select
    asked.level_number,
    asked.node_path,
    asked.factor_code,
    asked.base_value,
    asked.current_value,
    asked.contribution,
    cast(asked.contribution as {{ double_type() }})
    / nullif(cast(root.contribution as {{ double_type() }}), 0) as share_of_change,
    not exists (
        select 1 from asked as below
        where below.parent_path = asked.node_path
    ) as is_leaf,
    root.contribution - sum(
        case
            when not exists (
                select 1 from asked as below
                where below.parent_path = asked.node_path
            ) then asked.contribution else 0
        end
    ) over () as residual_value
from asked
inner join asked as root on root.level_number = 0
order by asked.node_path
