{{ config(meta={'rule_id': 'ledger_document_missing'}) }}
-- Every closed order with revenue is in the revenue ledger.
-- What is not booked is not paid for.
-- Not judged: orders that bill nothing.

with

breaks as (
    select * from {{ ref('fct_reconciliation_breaks') }}
),

final as (
    select
        breaks.store_key as store_id,
        breaks.business_on,
        breaks.record_key as row_key,
        cast(breaks.left_value as {{ dbt.type_string() }}) || ' yuan are not booked' as detail
    from breaks
    where
        breaks.pair_code = 'orders_ledger'
        and breaks.reason_code = 'missing_in_ledger'
)

select * from final
