{{ config(meta={'rule_id': 'line_part_unknown'}) }}
-- Every part line names a part of the parts master.
-- Parts margin by category, ABC class and fill rate lose the line otherwise.
-- Judged on staging, so that lines of orders that are not in the facts are seen too. Not judged:
-- whether the part fits the vehicle.

with

stg_dms__part_lines as (
    select * from {{ ref('stg_dms__part_lines') }}
),

dim_part as (
    select * from {{ ref('dim_part') }}
),

final as (
    select
        stg_dms__part_lines.store_id,
        cast(stg_dms__part_lines.created_at as date) as business_on,
        {{ key(['stg_dms__part_lines.store_id', 'stg_dms__part_lines.part_line_id']) }} as row_key,
        'part ' || stg_dms__part_lines.part_no || ' is unknown' as detail
    from stg_dms__part_lines
    left join dim_part
        on stg_dms__part_lines.part_no = dim_part.part_key
    where
        stg_dms__part_lines.quarantine_rule_id is null
        and stg_dms__part_lines.part_no is not null
        and dim_part.part_key is null
)

select * from final
