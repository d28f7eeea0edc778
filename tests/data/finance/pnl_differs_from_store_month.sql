{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that the statement and fct_store_month tell one story: revenue, gross profit, operating
-- cost and contribution of a store and month are the same to the cent.
-- It does not judge shared cost, which fct_store_month does not hold.

with

pnl_lines as (
    select * from {{ ref('fct_pnl_lines') }}
),

store_months as (
    select * from {{ ref('fct_store_month') }}
),

held_months as (
    select * from {{ ref('int_held_months') }}
),

-- Held months serve what single orders no longer say.
statements as (
    select
        store_key,
        month_start_on,
        sum(case when line_code = 'revenue' then amount end) as revenue_amount,
        sum(case when line_code = 'gross_profit' then amount end) as gross_profit_amount,
        sum(case when line_code = 'operating_cost' then amount end) as operating_cost_amount,
        sum(case when line_code = 'contribution' then amount end) as contribution_amount
    from pnl_lines
    group by store_key, month_start_on
),

final as (
    select
        store_months.store_key,
        store_months.month_start_on
    from store_months
    left join statements
        on
            store_months.store_key = statements.store_key
            and store_months.month_start_on = statements.month_start_on
    left join held_months
        on
            store_months.store_key = held_months.store_key
            and store_months.month_start_on = held_months.month_start_on
    where
        held_months.store_key is null
        and (
            store_months.revenue_amount <> coalesce(statements.revenue_amount, 0)
            or store_months.gross_profit_amount <> coalesce(statements.gross_profit_amount, 0)
            or store_months.operating_cost_amount
            <> coalesce(statements.operating_cost_amount, 0)
            or store_months.gross_profit_amount - store_months.operating_cost_amount
            <> coalesce(statements.contribution_amount, 0)
        )
)

select * from final
