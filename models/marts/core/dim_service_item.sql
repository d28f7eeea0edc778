with

service_items as (
    select * from {{ ref('stg_dms__service_items') }}
),

ranked as (
    select
        *,
        {{ version_rank(['service_item_code']) }} as version_rank
    from service_items
    where quarantine_rule_id is null
),

final as (
    select
        service_item_code as service_item_key,
        service_item_code,
        service_item_name,
        service_line,
        fault_system,
        standard_hours
    from ranked
    where version_rank = 1
)

select * from final
