with

stores as (
    select * from {{ ref('stg_dms__stores') }}
),

time_zone_offsets as (
    select * from {{ ref('time_zone_offsets') }}
),

ranked as (
    select
        *,
        {{ version_rank(['store_id']) }} as version_rank
    from stores
    where quarantine_rule_id is null
),

final as (
    select
        ranked.store_id as store_key,
        ranked.time_zone,
        time_zone_offsets.utc_offset_minutes,
        time_zone_offsets.valid_from_at,
        time_zone_offsets.valid_to_at
    from ranked
    inner join time_zone_offsets
        on ranked.time_zone = time_zone_offsets.time_zone
    where ranked.version_rank = 1
)

select * from final
