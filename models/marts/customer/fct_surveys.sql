{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('surveys') }}",
    )
}}

with

surveys as (
    {{ current_rows('crm.surveys', 'stg_crm__surveys') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

affected_days as (
    {{ affected_dates('surveys') }}
),

limits as (
    select
        {{ threshold('nps_promoter_min') }} as nps_promoter_min,
        {{ threshold('nps_detractor_max') }} as nps_detractor_max
),

-- Every survey in its current version with its local business day.
placed as (
    select
        surveys.*,
        {{ key(['surveys.store_id', 'surveys.repair_order_no']) }} as repair_order_key,
        {{ local_date(
            'coalesce(surveys.responded_at, surveys.sent_at)', 'store_offsets.utc_offset_minutes'
        ) }} as business_on
    from surveys
    inner join store_offsets
        on
            surveys.store_id = store_offsets.store_key
            and coalesce(surveys.responded_at, surveys.sent_at) >= store_offsets.valid_from_at
            and coalesce(surveys.responded_at, surveys.sent_at) < store_offsets.valid_to_at
),

current_surveys as (
    select * from placed
    where business_on in (select affected_days.date_on from affected_days)
),

final as (
    select
        current_surveys.survey_id as survey_key,
        current_surveys.store_id as store_key,
        current_surveys.repair_order_key,
        repair_orders.source_customer_key,
        repair_orders.main_service_line,
        current_surveys.survey_channel,
        current_surveys.reason_code,
        current_surveys.responded_at is not null as is_responded,
        current_surveys.nps_score >= limits.nps_promoter_min as is_promoter,
        current_surveys.nps_score > limits.nps_detractor_max
        and current_surveys.nps_score < limits.nps_promoter_min as is_passive,
        current_surveys.nps_score <= limits.nps_detractor_max as is_detractor,
        current_surveys.nps_score,
        current_surveys.csi_score,
        current_surveys.satisfaction_score,
        current_surveys.sent_at,
        current_surveys.responded_at,
        current_surveys.business_on
    from current_surveys
    cross join limits
    left join repair_orders
        on current_surveys.repair_order_key = repair_orders.repair_order_key
)

select * from final
