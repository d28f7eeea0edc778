{{ config(meta={'rule_id': 'pnl_differs_from_ledger'}) }}
-- By month and account, the own and allocated cost of all stores in the statement is the ledger's.
-- Cost that falls out of the allocation burdens nobody, and every store looks better than it is.
-- Not judged: which store bears how much, and direct cost, which is not posted in the ledger.

with

pnl_lines as (
    select * from {{ ref('fct_pnl_lines') }}
    where line_kind in ('operating_cost', 'shared_cost')
),

cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
),

statement_lines as (
    select * from {{ ref('pnl_lines') }}
    where valid_to is null and line_kind in ('operating_cost', 'shared_cost')
),

-- Accounts without a line of their own are compared together, for own and shared cost apart.
ledger_sums as (
    select
        cost_lines.month_start_on,
        coalesce(named.line_code, remaining.line_code) as line_code,
        sum(cost_lines.amount) as amount
    from cost_lines
    left join statement_lines as named
        on
            cost_lines.account_code = named.member_code
            and (cost_lines.cost_centre_code is null) = (named.line_kind = 'operating_cost')
    left join statement_lines as remaining
        on
            remaining.member_code is null
            and (cost_lines.cost_centre_code is null) = (remaining.line_kind = 'operating_cost')
    group by cost_lines.month_start_on, coalesce(named.line_code, remaining.line_code)
),

pnl_sums as (
    select
        month_start_on,
        line_code,
        sum(amount) as amount
    from pnl_lines
    group by month_start_on, line_code
),

compared as (
    select
        coalesce(pnl_sums.month_start_on, ledger_sums.month_start_on) as month_start_on,
        coalesce(pnl_sums.line_code, ledger_sums.line_code) as line_code,
        coalesce(pnl_sums.amount, 0) as pnl_amount,
        coalesce(ledger_sums.amount, 0) as ledger_amount
    from pnl_sums
    full outer join ledger_sums
        on
            pnl_sums.month_start_on = ledger_sums.month_start_on
            and pnl_sums.line_code = ledger_sums.line_code
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        month_start_on as business_on,
        {{ key([year_month('month_start_on'), 'line_code']) }} as row_key,
        'statement ' || cast(pnl_amount as {{ dbt.type_string() }}) || ' yuan, ledger '
        || cast(ledger_amount as {{ dbt.type_string() }}) || ' yuan' as detail
    from compared
    where pnl_amount <> ledger_amount
)

select * from final
