with

advisors as (
    select * from {{ ref('stg_dms__advisors') }}
),

ranked as (
    select
        *,
        {{ version_rank(['advisor_id']) }} as version_rank
    from advisors
    where quarantine_rule_id is null
),

final as (
    select
        advisor_id as advisor_key,
        advisor_id,
        store_id as store_key,
        advisor_name,
        hired_on,
        left_on
    from ranked
    where version_rank = 1
)

select * from final
