{#
  A change walked down the metric tree. CTE `tree_nodes` over `relation`, which has a row for each
  metric and comparison with its unrounded base_value and current_value; `keys` are the columns that
  tell comparisons apart. The query has the CTE tree_factors: the product rows of the seed
  metric_tree.

  A node's contribution is in the unit of the metric at the root: the change of the factor times what
  one unit of it is worth there (shapley_effect, times the worth of the node above). Children add up to
  the node above them, all leaves to the root. A factor that is unknown on one side (the ticket of a day
  without visits) is taken as on the other; what the factors cannot carry, such as revenue without any
  visit, stands as a node of its own, (none).
#}
{% macro walked_tree(relation, keys) -%}
{%- set sides = ['base', 'current'] -%}
{%- set levels = 4 -%}
filled_values as (
    select
        {{ keys | join(', ') }},
        metric_code,
        coalesce(base_value, current_value, 0) as base_value,
        coalesce(current_value, base_value, 0) as current_value
    from {{ relation }}
),

tree_values as (
    select
        {%- for key in keys %}
            filled_values.{{ key }},
        {%- endfor %}
        tree_factors.metric_code,
        tree_factors.term_number,
        tree_factors.term_sign,
        tree_factors.factor_number,
        tree_factors.factor_code,
        filled_values.base_value,
        filled_values.current_value
    from filled_values
    inner join tree_factors on filled_values.metric_code = tree_factors.factor_code
),

tree_terms as (
    select
        {{ keys | join(', ') }},
        metric_code,
        term_number,
        {%- for side in sides %}
            {%- for number in [1, 2, 3] %}
                coalesce(max(case when factor_number = {{ number }} then {{ side }}_value end), 1)
                    as {{ side }}_factor_{{ number }},
            {%- endfor %}
        {%- endfor %}
        count(*) as factor_count
    from tree_values
    group by {{ keys | join(', ') }}, metric_code, term_number
),

tree_steps as (
    select
        {%- for key in keys %}
            tree_values.{{ key }},
        {%- endfor %}
        tree_values.metric_code,
        tree_values.factor_code,
        tree_values.base_value,
        tree_values.current_value,
        tree_values.term_sign
        * case tree_values.factor_number
            when 1 then {{ shapley_effect('factor_2', 'factor_3') }}
            when 2 then {{ shapley_effect('factor_1', 'factor_3') }}
            else {{ shapley_effect('factor_1', 'factor_2') }}
        end as worth
    from tree_values
    inner join tree_terms
        on
            tree_values.metric_code = tree_terms.metric_code
            and tree_values.term_number = tree_terms.term_number
            {%- for key in keys %}
                and tree_values.{{ key }} = tree_terms.{{ key }}
            {%- endfor %}
),

level_0 as (
    select
        {{ keys | join(', ') }},
        metric_code as root_code,
        metric_code as factor_code,
        metric_code as node_path,
        cast(null as {{ dbt.type_string() }}) as parent_path,
        base_value,
        current_value,
        cast(1 as {{ double_type() }}) as worth
    from {{ relation }}
    where
        metric_code in (select tree_factors.metric_code from tree_factors)
        and base_value is not null
        and current_value is not null
),
{% for level in range(1, levels + 1) %}
level_{{ level }} as (
    select
        {%- for key in keys %}
            above.{{ key }},
        {%- endfor %}
        above.root_code,
        tree_steps.factor_code,
        above.node_path || '/' || tree_steps.factor_code as node_path,
        above.node_path as parent_path,
        tree_steps.base_value,
        tree_steps.current_value,
        above.worth * tree_steps.worth as worth
    from level_{{ level - 1 }} as above
    inner join tree_steps
        on
            above.factor_code = tree_steps.metric_code
            {%- for key in keys %}
                and above.{{ key }} = tree_steps.{{ key }}
            {%- endfor %}
),
{% endfor %}
walked_nodes as (
    {%- for level in range(levels + 1) %}
        select
            {{ keys | join(', ') }},
            root_code,
            {{ level }} as level_number,
            node_path,
            parent_path,
            factor_code,
            {{ round_half_up('base_value', 20, 6) }} as base_value,
            {{ round_half_up('current_value', 20, 6) }} as current_value,
            {{ round_half_up('worth * (current_value - base_value)', 20, 6) }}
                as contribution
        from level_{{ level }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

carried as (
    select
        {{ keys | join(', ') }},
        parent_path,
        sum(contribution) as contribution
    from walked_nodes
    where parent_path is not null
    group by {{ keys | join(', ') }}, parent_path
),

left_over as (
    select
        {%- for key in keys %}
            walked_nodes.{{ key }},
        {%- endfor %}
        walked_nodes.root_code,
        walked_nodes.level_number + 1 as level_number,
        walked_nodes.node_path || '/' || {{ no_member() }} as node_path,
        walked_nodes.node_path as parent_path,
        {{ no_member() }} as factor_code,
        cast(null as {{ numeric_type(20, 6) }}) as base_value,
        cast(null as {{ numeric_type(20, 6) }}) as current_value,
        cast(walked_nodes.contribution - carried.contribution as {{ numeric_type(20, 6) }})
            as contribution
    from walked_nodes
    inner join carried
        on
            walked_nodes.node_path = carried.parent_path
            {%- for key in keys %}
                and walked_nodes.{{ key }} = carried.{{ key }}
            {%- endfor %}
    cross join limits
    where abs(walked_nodes.contribution - carried.contribution) >= limits.residual_tolerance
),

tree_nodes as (
    select * from walked_nodes

    union all

    select * from left_over
)
{%- endmacro %}
