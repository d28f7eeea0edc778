{{ config(meta={'rule_id': 'survey_contradicts_order'}) }}
-- A survey speaks of an order that was closed before the survey was sent.
-- An answer given before delivery judges something else.
-- Not judged: surveys of unknown orders: `survey_order_unknown`.

with

breaks as (
    select * from {{ ref('fct_reconciliation_breaks') }}
),

final as (
    select
        breaks.store_key as store_id,
        breaks.business_on,
        breaks.record_key as row_key,
        breaks.record_name || ': ' || breaks.reason_code as detail
    from breaks
    where
        breaks.pair_code = 'surveys_orders'
        and breaks.reason_code in ('order_not_closed', 'before_closing')
)

select * from final
