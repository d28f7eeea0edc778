{{ config(meta={'rule_id': 'ledger_amount_differs'}) }}
-- The ledger books what the order bills, without tax.
-- Two amounts of one invoice make two totals of the company.
-- Not judged: invoices booked in another month: `ledger_booked_in_other_month`.

with

breaks as (
    select * from {{ ref('fct_reconciliation_breaks') }}
),

final as (
    select
        breaks.store_key as store_id,
        breaks.business_on,
        breaks.record_key as row_key,
        'order ' || cast(breaks.left_value as {{ dbt.type_string() }}) || ', ledger '
        || cast(breaks.right_value as {{ dbt.type_string() }}) || ' yuan: ' || breaks.reason_code
            as detail
    from breaks
    where
        breaks.pair_code = 'orders_ledger'
        and breaks.reason_code in ('tax_basis', 'unit', 'amount')
)

select * from final
