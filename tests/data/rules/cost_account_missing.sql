{{ config(meta={'rule_id': 'cost_account_missing'}) }}
-- A store posts every fixed cost account in every month of the ledger up to the newest closed one.
-- A store without rent looks profitable.
-- Not judged: variable accounts, the height of the amounts, stores before their opening month,
-- shared cost centres.

with

fct_cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
    where cost_centre_code is null
),

dim_store as (
    select * from {{ ref('dim_store') }}
),

months as (
    select distinct month_start_on
    from fct_cost_lines
),

fixed_accounts as (
    select distinct account_code
    from fct_cost_lines
    where is_fixed
),

expected as (
    select
        dim_store.store_key,
        months.month_start_on,
        fixed_accounts.account_code
    from dim_store
    inner join months on dim_store.opened_on <= months.month_start_on
    cross join fixed_accounts
),

posted as (
    select distinct
        store_key,
        month_start_on,
        account_code
    from fct_cost_lines
),

final as (
    select
        expected.store_key as store_id,
        expected.month_start_on as business_on,
        {{ key(['expected.store_key', 'expected.month_start_on', 'expected.account_code']) }}
            as row_key,
        'no posting for ' || expected.account_code as detail
    from expected
    left join posted
        on
            expected.store_key = posted.store_key
            and expected.month_start_on = posted.month_start_on
            and expected.account_code = posted.account_code
    where posted.store_key is null
)

select * from final
