{{ config(meta={'rule_id': 'line_technician_unknown'}) }}
-- Every labour line is credited to a technician of the staff list.
-- Hours sold per technician and the technician blamed for a comeback depend on it.
-- Not judged: whether the technician works in that store.

with

fct_repair_order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

dim_technician as (
    select * from {{ ref('dim_technician') }}
),

final as (
    select
        fct_repair_order_lines.store_key as store_id,
        fct_repair_order_lines.business_on,
        fct_repair_order_lines.line_key as row_key,
        'technician ' || fct_repair_order_lines.technician_key || ' is unknown' as detail
    from fct_repair_order_lines
    left join dim_technician
        on fct_repair_order_lines.technician_key = dim_technician.technician_key
    where
        fct_repair_order_lines.technician_key is not null
        and dim_technician.technician_key is null
)

select * from final
