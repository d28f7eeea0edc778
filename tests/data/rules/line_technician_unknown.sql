{{ config(meta={'rule_id': 'line_technician_unknown'}) }}
-- Every labour line is credited to a technician of the staff list.
-- Hours sold per technician and the technician blamed for a comeback depend on it.
-- Judged on staging, so that lines of orders that are not in the facts are seen too. Not judged:
-- whether the technician works in that store.

with

stg_dms__labour_lines as (
    select * from {{ ref('stg_dms__labour_lines') }}
),

dim_technician as (
    select * from {{ ref('dim_technician') }}
),

final as (
    select
        stg_dms__labour_lines.store_id,
        cast(stg_dms__labour_lines.created_at as date) as business_on,
        {{ key(['stg_dms__labour_lines.store_id', 'stg_dms__labour_lines.labour_line_id']) }}
            as row_key,
        'technician ' || stg_dms__labour_lines.technician_id || ' is unknown' as detail
    from stg_dms__labour_lines
    left join dim_technician
        on stg_dms__labour_lines.technician_id = dim_technician.technician_key
    where
        stg_dms__labour_lines.quarantine_rule_id is null
        and stg_dms__labour_lines.technician_id is not null
        and dim_technician.technician_key is null
)

select * from final
