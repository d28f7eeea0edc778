{{ config(meta={'rule_id': 'ledger_booked_in_other_month'}) }}
-- The revenue of an order is booked in the month it was closed in.
-- Finance and workshop report other months of the same business.
-- Not judged: orders whose invoice is missing: `ledger_document_missing`.

with

breaks as (
    select * from {{ ref('fct_reconciliation_breaks') }}
),

final as (
    select
        breaks.store_key as store_id,
        breaks.business_on,
        breaks.record_key as row_key,
        'booked in ' || cast(breaks.counterpart_on as {{ dbt.type_string() }}) || ', '
        || cast(breaks.right_value as {{ dbt.type_string() }}) || ' yuan' as detail
    from breaks
    where
        breaks.pair_code = 'orders_ledger'
        and breaks.reason_code in ('booked_later', 'booked_earlier')
)

select * from final
