with

technicians as (
    select * from {{ ref('stg_dms__technicians') }}
),

ranked as (
    select
        *,
        {{ version_rank(['technician_id']) }} as version_rank
    from technicians
    where quarantine_rule_id is null
),

final as (
    select
        technician_id as technician_key,
        technician_id,
        store_id as store_key,
        technician_name,
        skill_level,
        hired_on,
        left_on
    from ranked
    where version_rank = 1
)

select * from final
