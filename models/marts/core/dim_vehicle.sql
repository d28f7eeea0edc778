with

vehicles as (
    select * from {{ ref('stg_dms__vehicles') }}
),

ranked as (
    select
        *,
        {{ version_rank(['vehicle_id']) }} as version_rank
    from vehicles
    where quarantine_rule_id is null
),

final as (
    select
        vehicle_id as vehicle_key,
        vin,
        plate_no,
        model_name,
        energy_type,
        sold_on,
        {{ key(["'dms'", 'customer_id']) }} as source_customer_key,
        not(
            flag_rule_ids like '%|vin_missing|%'
            or flag_rule_ids like '%|vin_malformed|%'
            or flag_rule_ids like '%|vin_with_ioq|%'
        ) as is_vin_valid
    from ranked
    where version_rank = 1
)

select * from final
