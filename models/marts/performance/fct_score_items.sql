with

metric_periods as (
    select * from {{ ref('fct_metric_periods') }}
),

score_rule_sets as (
    select * from {{ ref('score_rule_sets') }}
),

score_items as (
    select * from {{ ref('score_items') }}
),

score_steps as (
    select * from {{ ref('score_steps') }}
),

months as (
    select * from metric_periods
    where period_kind = 'month'
),

valued as (
    select
        score_items.rule_set_code,
        score_items.item_code,
        score_items.item_order,
        score_items.pillar_code,
        score_items.metric_code,
        score_items.weight,
        score_items.target_low,
        score_items.target_high,
        months.scope_kind,
        months.scope_key,
        months.store_key,
        months.region_name,
        months.period_start_on as month_start_on,
        months.is_complete,
        months.is_provisional,
        cast(
            score_items.value_scale
            * case
                -- A metric that has not matured has no score yet: the rest stands for the whole.
                when months.is_provisional then null
                when score_items.value_basis = 'value' then months.metric_value
                when months.last_year_value <> 0
                    then
                        cast(months.metric_value - months.last_year_value as {{ double_type() }})
                        / cast(months.last_year_value as {{ double_type() }})
            end as {{ numeric_type(20, 6) }}
        ) as item_value
    from score_items
    inner join score_rule_sets
        on score_items.rule_set_code = score_rule_sets.rule_set_code
    inner join months
        on
            score_items.metric_code = months.metric_code
            and score_rule_sets.valid_from <= months.period_start_on
            and (
                score_rule_sets.valid_to is null
                or score_rule_sets.valid_to > months.period_start_on
            )
),

-- How far a value lies outside its target, and which end of the target it misses.
missed as (
    select
        *,
        case
            when item_value < target_low then target_low - item_value
            when item_value > target_high then item_value - target_high
            when item_value is not null then 0
        end as absolute_gap,
        case when item_value > target_high then target_high else target_low end as target_missed
    from valued
),

gaps as (
    select
        *,
        cast(absolute_gap as {{ numeric_type(20, 6) }}) as gap_in_unit,
        cast(
            case
                when absolute_gap = 0 then 0
                when target_missed <> 0
                    then
                        100 * cast(absolute_gap as {{ double_type() }})
                        / abs(cast(target_missed as {{ double_type() }}))
            end as {{ numeric_type(20, 6) }}
        ) as gap_percent
    from missed
),

reached as (
    select
        gaps.*,
        score_steps.score,
        row_number() over (
            partition by
                gaps.rule_set_code, gaps.item_code, gaps.scope_kind, gaps.scope_key,
                gaps.month_start_on
            order by score_steps.step_order
        ) as reached_rank
    from gaps
    left join score_steps
        on
            gaps.rule_set_code = score_steps.rule_set_code
            and gaps.gap_in_unit is not null
            and (
                score_steps.gap_upper is null
                or case
                    when score_steps.gap_basis = 'relative' then gaps.gap_percent
                    else gaps.gap_in_unit
                end < score_steps.gap_upper
                or (
                    score_steps.is_upper_included
                    and case
                        when score_steps.gap_basis = 'relative' then gaps.gap_percent
                        else gaps.gap_in_unit
                    end = score_steps.gap_upper
                )
            )
),

final as (
    select
        rule_set_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        item_code,
        item_order,
        pillar_code,
        metric_code,
        is_complete,
        is_provisional,
        item_value,
        target_low,
        target_high,
        gap_in_unit,
        gap_percent,
        weight,
        score,
        cast(weight * score as {{ numeric_type(18, 4) }}) as weighted_score
    from reached
    where reached_rank = 1
)

select * from final
