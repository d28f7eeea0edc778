with

bays as (
    select * from {{ ref('stg_dms__bays') }}
),

ranked as (
    select
        *,
        {{ version_rank(['bay_id']) }} as version_rank
    from bays
    where quarantine_rule_id is null
),

final as (
    select
        bay_id as bay_key,
        bay_id,
        store_id as store_key,
        bay_type,
        installed_on,
        retired_on
    from ranked
    where version_rank = 1
)

select * from final
