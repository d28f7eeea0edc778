with

cost_lines as (
    select * from {{ ref('stg_finance__cost_lines') }}
),

cost_accounts as (
    select * from {{ ref('cost_accounts') }}
),

ranked as (
    select
        *,
        {{ try_cast("cost_month || '-01'", 'date') }} as month_start_on,
        {{ version_rank(['cost_line_id']) }} as version_rank
    from cost_lines
    where quarantine_rule_id is null
),

gone as (
    {{ deleted_keys('finance.cost_lines', 'stg_finance__cost_lines', ['cost_line_id']) }}
),

final as (
    select
        ranked.cost_line_id as cost_line_key,
        ranked.store_id as store_key,
        ranked.cost_centre as cost_centre_code,
        ranked.account_code,
        cost_accounts.is_fixed,
        ranked.amount,
        ranked.month_start_on
    from ranked
    left join cost_accounts
        on
            ranked.account_code = cost_accounts.account_code
            and ranked.month_start_on >= cost_accounts.valid_from
            and (cost_accounts.valid_to is null or ranked.month_start_on < cost_accounts.valid_to)
    left join gone on ranked.cost_line_id = gone.cost_line_id
    where
        ranked.version_rank = 1
        and (gone.deleted_in_batch_id is null or ranked._batch_id > gone.deleted_in_batch_id)
)

select * from final
