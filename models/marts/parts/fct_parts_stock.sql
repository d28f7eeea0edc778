{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_affected_dates('parts') }}",
    )
}}

with

stock as (
    select * from {{ ref('stg_parts__stock') }}
),

affected_days as (
    {{ affected_dates('parts') }}
),

-- The day is part of the natural key, so every version of a row lies on the same day.
ranked as (
    select
        *,
        {{ version_rank(['store_id', 'part_no', 'stock_on']) }} as version_rank
    from stock
    where
        quarantine_rule_id is null
        and stock_on in (select affected_days.date_on from affected_days)
),

final as (
    select
        store_id as store_key,
        part_no as part_key,
        stock_on as business_on,
        quantity_on_hand,
        stock_amount,
        quantity_on_hand <= 0 as is_stock_out
    from ranked
    where version_rank = 1
)

select * from final
