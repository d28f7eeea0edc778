{#
  CTEs `summed_changes` and `judged_changes`: the members of a decomposition put together, with what
  is left over and two warnings. `relation` has rounded contributions; `keys` are the columns of one
  change. The query has the CTE limits with mean_of_means_tolerance.

  Simpson: at least two members known on both sides, all of which moved one way (or stood still, not
  all of them) while the whole moved the other way; then it is the mix that moved it.
  Average of averages: the plain mean of the members' values, which weighs a small member like a large
  one, beside the value of the whole; warned of for stores and regions, whose means people take.
#}
{% macro dimension_changes(relation, keys) -%}
summed_changes as (
    select
        {{ keys | join(', ') }},
        max(base_total) as base_value,
        max(current_total) as current_value,
        max(current_total) - max(base_total) as change_value,
        max(current_total) - max(base_total) - sum(contribution) as residual_value,
        count(*) as member_count,
        sum(case when current_rate > base_rate then 1 else 0 end) as risen_count,
        sum(case when current_rate < base_rate then 1 else 0 end) as fallen_count,
        count(current_rate - base_rate) as paired_count,
        {{ round_half_up(
            'cast(sum(current_rate) as ' ~ double_type() ~ ') '
            ~ '/ cast(nullif(count(current_rate), 0) as ' ~ double_type() ~ ')',
            20, 6
        ) }} as mean_of_members
    from {{ relation }}
    group by {{ keys | join(', ') }}
),

judged_changes as (
    select
        {%- for key in keys %}
            summed_changes.{{ key }},
        {%- endfor %}
        {{ round_half_up('summed_changes.base_value', 20, 6) }} as base_value,
        {{ round_half_up('summed_changes.current_value', 20, 6) }} as current_value,
        {{ round_half_up('summed_changes.change_value', 20, 6) }} as change_value,
        {{ round_half_up('summed_changes.residual_value', 20, 6) }} as residual_value,
        cast(summed_changes.member_count as {{ dbt.type_int() }}) as member_count,
        cast(summed_changes.risen_count as {{ dbt.type_int() }}) as risen_count,
        cast(summed_changes.fallen_count as {{ dbt.type_int() }}) as fallen_count,
        summed_changes.paired_count > 1
        and (
            (
                summed_changes.change_value > 0
                and summed_changes.risen_count = 0
                and summed_changes.fallen_count > 0
            )
            or (
                summed_changes.change_value < 0
                and summed_changes.fallen_count = 0
                and summed_changes.risen_count > 0
            )
        ) as is_simpson_reversal,
        summed_changes.mean_of_members,
        {{ round_half_up(
            'summed_changes.mean_of_members - summed_changes.current_value', 20, 6
        ) }} as mean_of_members_gap,
        summed_changes.dimension_code in {{ place_dimensions() }}
        and coalesce(
            abs(summed_changes.mean_of_members - summed_changes.current_value)
            > limits.mean_of_means_tolerance * abs(summed_changes.current_value),
            false
        ) as is_mean_misleading
    from summed_changes
    cross join limits
)
{%- endmacro %}
