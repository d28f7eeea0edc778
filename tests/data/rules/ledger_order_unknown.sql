{{ config(meta={'rule_id': 'ledger_order_unknown'}) }}
-- Every invoice in the ledger belongs to a closed order.
-- Revenue without an order has no technician, no customer and no cost.
-- Not judged: invoices without an amount.

with

breaks as (
    select * from {{ ref('fct_reconciliation_breaks') }}
),

final as (
    select
        breaks.store_key as store_id,
        breaks.business_on,
        breaks.record_key as row_key,
        cast(breaks.right_value as {{ dbt.type_string() }})
        || ' yuan booked: ' || breaks.reason_code as detail
    from breaks
    where
        breaks.pair_code = 'orders_ledger'
        and breaks.reason_code in ('missing_in_dms', 'order_not_closed')
)

select * from final
