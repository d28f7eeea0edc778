{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that contributions add up to the change they explain, to the cent: of every change by
-- every dimension, and of every node of the tree.

with

changes as (
    select * from {{ ref('fct_metric_changes') }}
),

tree as (
    select * from {{ ref('fct_metric_tree_contributions') }}
),

limits as (
    select {{ threshold('residual_tolerance') }} as residual_tolerance
),

children as (
    select
        metric_code,
        scope_kind,
        scope_key,
        period_kind,
        period_start_on,
        comparison,
        parent_path,
        branch_code,
        sum(contribution) as contribution
    from tree
    where parent_path is not null and branch_code = 'product'
    group by
        metric_code, scope_kind, scope_key, period_kind, period_start_on, comparison, parent_path,
        branch_code
),

final as (
    select
        changes.metric_code,
        changes.scope_kind,
        changes.scope_key,
        changes.month_start_on as period_start_on,
        changes.comparison,
        changes.dimension_code as broken_by,
        changes.residual_value
    from changes
    cross join limits
    where
        changes.reason_en is null
        and (
            changes.residual_value is null
            or abs(changes.residual_value) >= limits.residual_tolerance
        )

    union all

    select
        tree.metric_code,
        tree.scope_kind,
        tree.scope_key,
        tree.period_start_on,
        tree.comparison,
        tree.node_path as broken_by,
        tree.contribution - children.contribution as residual_value
    from tree
    inner join children
        on
            tree.metric_code = children.metric_code
            and tree.scope_kind = children.scope_kind
            and tree.scope_key = children.scope_key
            and tree.period_kind = children.period_kind
            and tree.period_start_on = children.period_start_on
            and tree.comparison = children.comparison
            and tree.node_path = children.parent_path
    cross join limits
    where abs(tree.contribution - children.contribution) >= limits.residual_tolerance
)

select * from final
