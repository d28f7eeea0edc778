with

score_items as (
    select * from {{ ref('fct_score_items') }}
),

score_colours as (
    select * from {{ ref('score_colours') }}
),

parts as (
    select
        'total' as part_code,
        *
    from score_items

    union all

    select
        pillar_code as part_code,
        *
    from score_items
),

sums as (
    select
        rule_set_code,
        part_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        max(case when is_complete then 1 else 0 end) = 1 as is_complete,
        max(case when is_provisional then 1 else 0 end) = 1 as is_provisional,
        sum(weight) as weight_sum,
        sum(case when score is not null then weight else 0 end) as scored_weight_sum,
        sum(coalesce(weighted_score, 0)) as weighted_score_sum
    from parts
    group by
        rule_set_code, part_code, scope_kind, scope_key, store_key, region_name, month_start_on
),

scored as (
    select
        *,
        cast(
            case
                when scored_weight_sum > 0
                    then
                        cast(weighted_score_sum as {{ double_type() }})
                        / cast(scored_weight_sum as {{ double_type() }})
            end as {{ numeric_type(9, 4) }}
        ) as total_score
    from sums
),

final as (
    select
        scored.rule_set_code,
        scored.part_code,
        scored.scope_kind,
        scored.scope_key,
        scored.store_key,
        scored.region_name,
        scored.month_start_on,
        scored.is_complete,
        scored.is_provisional,
        scored.scored_weight_sum < scored.weight_sum as is_partial,
        cast(scored.weight_sum as {{ numeric_type(9, 4) }}) as weight_sum,
        cast(scored.scored_weight_sum as {{ numeric_type(9, 4) }}) as scored_weight_sum,
        cast(scored.weighted_score_sum as {{ numeric_type(18, 4) }}) as weighted_score_sum,
        scored.total_score,
        score_colours.colour
    from scored
    left join score_colours
        on
            scored.rule_set_code = score_colours.rule_set_code
            and (
                score_colours.score_lower is null
                or scored.total_score >= score_colours.score_lower
            )
            and (
                score_colours.score_upper is null
                or scored.total_score < score_colours.score_upper
            )
            and scored.total_score is not null
)

select * from final
