with

corrections as (

    select * from {{ source('control', 'corrections') }}

),

judged_rows as (

    {{ corrected_rows() }}

),

final as (

    select
        corrections.correction_number,
        corrections.system,
        corrections.table_name,
        corrections.batch_id,
        cast(corrections.row_number as {{ dbt.type_int() }}) as row_number,
        corrections.column_name,
        corrections.decided_by,
        corrections.reason,
        corrections.decided_on,
        corrections.corrected_batch_id,
        landed.quarantine_rule_id as landed_quarantine_rule_id,
        landed.flag_rule_ids as landed_flag_rule_ids,
        corrected.quarantine_rule_id as corrected_quarantine_rule_id,
        corrected.flag_rule_ids as corrected_flag_rule_ids,
        corrected.batch_id is not null and corrected.quarantine_rule_id is null as is_repaired
    from corrections
    left join judged_rows as landed
        on
            corrections.system = landed.system
            and corrections.table_name = landed.table_name
            and corrections.batch_id = landed.batch_id
            and corrections.row_number = landed.row_number
    left join judged_rows as corrected
        on
            corrections.system = corrected.system
            and corrections.table_name = corrected.table_name
            and corrections.corrected_batch_id = corrected.batch_id
            and corrections.row_number = corrected.row_number

)

select * from final
