with moved as (
    select rule_id, sum(yuan_at_stake) as yuan_at_stake, sum(repaired_row_count) as rows_repaired
    from marts.fct_defect_backlog
    group by all
)

select
    results.*,
    rules.sentence_zh,
    rules.sentence_en,
    rules.owner,
    rules.consequence_kind,
    coalesce(rules.endangered_metrics, '') as endangered_metrics,
    rules.fix_hint_zh,
    rules.fix_hint_en,
    moved.yuan_at_stake,
    cast(coalesce(moved.rows_repaired, 0) as bigint) as rows_repaired
from quality.dq_rule_results as results
left join reference.dq_rules as rules on results.rule_id = rules.rule_id
left join moved on results.rule_id = moved.rule_id
where $rule is null or results.rule_id = $rule
order by
    case results.status when 'ERROR' then 0 when 'FAIL' then 1 when 'WARN' then 2 else 3 end,
    moved.yuan_at_stake desc nulls last,
    results.rows_failed desc,
    results.rule_id
