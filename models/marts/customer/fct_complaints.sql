{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('complaints') }}",
    )
}}

with

complaints as (
    {{ current_rows('crm.complaints', 'stg_crm__complaints') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

affected_days as (
    {{ affected_dates('complaints') }}
),

-- Every complaint in its current version with the local day it came in.
placed as (
    select
        complaints.*,
        {{ local_date('complaints.opened_at', 'store_offsets.utc_offset_minutes') }} as business_on
    from complaints
    inner join store_offsets
        on
            complaints.store_id = store_offsets.store_key
            and complaints.opened_at >= store_offsets.valid_from_at
            and complaints.opened_at < store_offsets.valid_to_at
),

final as (
    select
        complaint_id as complaint_key,
        store_id as store_key,
        {{ key(['store_id', 'repair_order_no']) }} as repair_order_key,
        topic_code,
        closed_at is null as is_open,
        opened_at,
        closed_at,
        business_on
    from placed
    where business_on in (select affected_days.date_on from affected_days)
)

select * from final
