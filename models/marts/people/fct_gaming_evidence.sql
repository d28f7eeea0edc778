{#- The records behind the signals that ask for a look; nobody else's. -#}

with

signals as (
    select * from {{ ref('fct_gaming_signals') }}
    where asks_for_look
),

{{ gaming_records(stores_of='signals') }},

hits as (
    select
        records.*,
        {{ month_start('records.business_on') }} as month_start_on
    from records
    where
        records.is_hit
        and (
            records.is_long
            or records.detector_code not in (
                'survey_picking', 'phones_missing', 'month_end_orders'
            )
        )
),

final as (
    select distinct
        {{ key(['hits.detector_code', 'hits.record_key', 'hits.month_start_on']) }} as evidence_key,
        hits.detector_code,
        hits.store_key,
        signals.region_name,
        hits.advisor_key,
        hits.month_start_on,
        hits.business_on,
        hits.record_name
    from hits
    inner join signals
        on
            hits.detector_code = signals.detector_code
            and hits.store_key = signals.store_key
            and hits.month_start_on = signals.month_start_on
            and (signals.scope_kind = 'store' or hits.advisor_key = signals.advisor_key)
)

select * from final
