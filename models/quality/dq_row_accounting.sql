with

row_accounts as (

    select * from {{ ref('int_row_accounts') }}

),

corrections as (

    select * from {{ ref('dq_corrections') }}

),

repaired_rows as (

    select
        system,
        table_name,
        batch_id,
        count(distinct row_number) as rows_repaired
    from corrections
    where is_repaired and landed_quarantine_rule_id is not null
    group by system, table_name, batch_id

),

final as (

    select
        row_accounts.system,
        row_accounts.table_name,
        row_accounts.batch_id,
        row_accounts.rows_landed,
        row_accounts.rows_clean,
        cast(
            row_accounts.rows_quarantined - coalesce(repaired_rows.rows_repaired, 0)
            as {{ dbt.type_int() }}
        ) as rows_quarantined,
        cast(coalesce(repaired_rows.rows_repaired, 0) as {{ dbt.type_int() }}) as rows_repaired
    from row_accounts
    left join repaired_rows
        on
            row_accounts.system = repaired_rows.system
            and row_accounts.table_name = repaired_rows.table_name
            and row_accounts.batch_id = repaired_rows.batch_id

)

select * from final
