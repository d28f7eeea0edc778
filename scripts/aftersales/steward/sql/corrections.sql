select
    corrections.correction_number,
    corrections.system || '.' || corrections.table_name as table_name,
    corrections.batch_id,
    corrections.row_number,
    corrections.column_name,
    corrections.decided_by,
    {masked_reason} as reason,
    corrections.decided_on,
    corrections.corrected_batch_id,
    corrections.landed_quarantine_rule_id,
    corrections.corrected_quarantine_rule_id,
    corrections.is_repaired,
    rules.owner,
    date_diff('day', batches.extract_on, corrections.decided_on) as days_to_decide
from quality.dq_corrections as corrections
left join landing.batches as batches
    on
        corrections.system = batches.system
        and corrections.table_name = batches.table_name
        and corrections.batch_id = batches.batch_id
left join reference.dq_rules as rules on corrections.landed_quarantine_rule_id = rules.rule_id
order by corrections.correction_number desc
