{{ config(meta={'rule_id': 'source_row_rejected'}) }}
-- Every row of every source file could be read.
-- A rejected row is in no table and no count, so nothing downstream can miss it.
-- Not judged: rows that were read and are wrong, which staging judges.

with

rejects as (
    select * from {{ source('control', 'rejects') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        cast(null as date) as business_on,
        source_file || ' row ' || cast(row_number as {{ dbt.type_string() }}) as row_key,
        reason as detail
    from rejects
)

select * from final
