{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('appointments') }}",
    )
}}

with

appointments as (
    {{ current_rows('dms.appointments', 'stg_dms__appointments') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

affected_days as (
    {{ affected_dates('appointments') }}
),

-- Every appointment in its current version with the local days it is booked on and due.
placed as (
    select
        appointments.*,
        {{ local_date('appointments.due_at', 'store_offsets.utc_offset_minutes') }} as due_on,
        {{ local_date('appointments.booked_at', 'store_offsets.utc_offset_minutes') }} as booked_on
    from appointments
    inner join store_offsets
        on
            appointments.store_id = store_offsets.store_key
            and appointments.due_at >= store_offsets.valid_from_at
            and appointments.due_at < store_offsets.valid_to_at
),

final as (
    select
        {{ key(['store_id', 'appointment_id']) }} as appointment_key,
        store_id as store_key,
        vehicle_id as vehicle_key,
        {{ key(["'dms'", 'customer_id']) }} as source_customer_key,
        {{ key(['store_id', 'repair_order_no']) }} as repair_order_key,
        channel,
        cancelled_at is not null as is_cancelled,
        repair_order_no is not null as has_shown,
        {{ days_between('booked_on', 'due_on') }} as lead_days,
        booked_at,
        due_at,
        cancelled_at,
        due_on as business_on
    from placed
    where due_on in (select affected_days.date_on from affected_days)
)

select * from final
