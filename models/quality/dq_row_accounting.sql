with

landed_rows as (

    select * from {{ ref('dq_landed_rows') }}

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
        landed_rows.system,
        landed_rows.table_name,
        landed_rows.batch_id,
        landed_rows.rows_landed,
        landed_rows.rows_clean,
        cast(
            landed_rows.rows_quarantined - coalesce(repaired_rows.rows_repaired, 0)
            as {{ dbt.type_int() }}
        ) as rows_quarantined,
        cast(coalesce(repaired_rows.rows_repaired, 0) as {{ dbt.type_int() }}) as rows_repaired
    from landed_rows
    left join repaired_rows
        on
            landed_rows.system = repaired_rows.system
            and landed_rows.table_name = repaired_rows.table_name
            and landed_rows.batch_id = repaired_rows.batch_id

)

select * from final
