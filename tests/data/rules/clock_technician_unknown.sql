{{ config(meta={'rule_id': 'clock_technician_unknown'}) }}
-- Every clock entry belongs to a technician of the staff list.
-- Technician hours are kept by technician: hours of an unknown one are in no efficiency.
-- Judged on staging, since the facts cannot hold them.

with

stg_dms__clock_events as (
    select * from {{ ref('stg_dms__clock_events') }}
),

dim_technician as (
    select * from {{ ref('dim_technician') }}
),

final as (
    select
        stg_dms__clock_events.store_id,
        cast(stg_dms__clock_events.clocked_on_at as date) as business_on,
        {{ key(['stg_dms__clock_events.store_id', 'stg_dms__clock_events.clock_event_id']) }}
            as row_key,
        'technician ' || stg_dms__clock_events.technician_id || ' is unknown' as detail
    from stg_dms__clock_events
    left join dim_technician on stg_dms__clock_events.technician_id = dim_technician.technician_key
    where
        stg_dms__clock_events.quarantine_rule_id is null
        and stg_dms__clock_events.technician_id is not null
        and dim_technician.technician_key is null
)

select * from final
