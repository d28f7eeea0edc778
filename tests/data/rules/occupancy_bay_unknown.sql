{{ config(meta={'rule_id': 'occupancy_bay_unknown'}) }}
-- Every bay occupancy stands in a bay of the bay master.
-- Bay hours are kept by bay: time in an unknown bay is in no utilisation.
-- Judged on staging, since the facts cannot hold it.

with

stg_dms__bay_occupancy as (
    select * from {{ ref('stg_dms__bay_occupancy') }}
),

dim_bay as (
    select * from {{ ref('dim_bay') }}
),

final as (
    select
        stg_dms__bay_occupancy.store_id,
        cast(stg_dms__bay_occupancy.started_at as date) as business_on,
        {{ key(['stg_dms__bay_occupancy.store_id', 'stg_dms__bay_occupancy.occupancy_id']) }}
            as row_key,
        'bay ' || stg_dms__bay_occupancy.bay_id || ' is unknown' as detail
    from stg_dms__bay_occupancy
    left join dim_bay on stg_dms__bay_occupancy.bay_id = dim_bay.bay_key
    where
        stg_dms__bay_occupancy.quarantine_rule_id is null
        and stg_dms__bay_occupancy.bay_id is not null
        and dim_bay.bay_key is null
)

select * from final
