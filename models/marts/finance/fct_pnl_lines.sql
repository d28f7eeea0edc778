{#-
  The profit and loss statement of every store and month, one row a line. What is posted or earned is an
  amount of a kind and a member; seeds say which line shows it and which totals it goes into.
-#}

with

line_margins as (
    select * from {{ ref('fct_line_margins') }}
),

cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
    where cost_centre_code is null
),

shared_costs as (
    select * from {{ ref('int_shared_cost_allocations') }}
),

targets as (
    select * from {{ ref('fct_targets') }}
    where target_basis = 'full_month'
),

statement_lines as (
    select * from {{ ref('pnl_lines') }}
    where valid_to is null
),

totals as (
    select * from {{ ref('pnl_totals') }}
    where valid_to is null
),

budgets as (
    select * from {{ ref('pnl_budgets') }}
    where valid_to is null
),

stores as (
    select * from {{ ref('dim_store') }}
),

known_parts as (
    select * from {{ ref('int_known_parts') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

amounts as (
    {%- for kind in ['revenue', 'direct_cost', 'gross_profit'] %}
        select
            store_key,
            month_start_on,
            '{{ kind }}' as line_kind,
            '{{ kind }}' as amount_kind,
            service_line as member_code,
            sum({{ 'cost_amount' if kind == 'direct_cost' else kind ~ '_amount' }}) as amount
        from line_margins
        group by store_key, month_start_on, service_line

        union all
    {% endfor %}
    select
        store_key,
        month_start_on,
        'operating_cost' as line_kind,
        case when is_fixed then 'fixed_cost' else 'variable_cost' end as amount_kind,
        account_code as member_code,
        sum(amount) as amount
    from cost_lines
    group by store_key, month_start_on, is_fixed, account_code

    union all

    select
        store_key,
        month_start_on,
        'shared_cost' as line_kind,
        'shared_cost' as amount_kind,
        account_code as member_code,
        sum(amount) as amount
    from shared_costs
    group by store_key, month_start_on, account_code
),

store_months as (
    select distinct
        store_key,
        month_start_on
    from amounts
),

-- An amount goes to the line of its member, or to the line of its kind that takes everything else.
shown as (
    select
        amounts.store_key,
        amounts.month_start_on,
        coalesce(named.line_code, remaining.line_code) as line_code,
        amounts.amount
    from amounts
    left join statement_lines as named
        on
            amounts.line_kind = named.line_kind
            and amounts.member_code = named.member_code
    left join statement_lines as remaining
        on
            amounts.line_kind = remaining.line_kind
            and remaining.member_code is null

    union all

    select
        amounts.store_key,
        amounts.month_start_on,
        totals.line_code,
        totals.sign * amounts.amount as amount
    from amounts
    inner join totals on amounts.amount_kind = totals.amount_kind
),

line_sums as (
    select
        store_key,
        month_start_on,
        line_code,
        sum(amount) as amount
    from shown
    group by store_key, month_start_on, line_code
),

budget_parts as (
    select
        line_code,
        count(*) as part_count
    from budgets
    group by line_code
),

budget_sums as (
    select
        targets.store_key,
        targets.month_start_on,
        budgets.line_code,
        sum(budgets.sign * targets.target_value) as budget_amount,
        count(*) as part_count
    from targets
    inner join budgets on targets.metric_code = budgets.metric_code
    group by targets.store_key, targets.month_start_on, budgets.line_code
),

revenues as (
    select
        store_key,
        month_start_on,
        sum(amount) as revenue_amount
    from amounts
    where amount_kind = 'revenue'
    group by store_key, month_start_on
),

line_budgets as (
    select
        budget_sums.store_key,
        budget_sums.month_start_on,
        budget_sums.line_code,
        budget_sums.budget_amount
    from budget_sums
    inner join budget_parts
        on
            budget_sums.line_code = budget_parts.line_code
            and budget_sums.part_count = budget_parts.part_count
),

ledger_months as (
    select distinct month_start_on
    from cost_lines
),

line_needs as (
    select
        line_code,
        amount_kind
    from totals

    union distinct

    select
        line_code,
        line_kind as amount_kind
    from statement_lines
),

-- Lines that rest on what was never delivered for the store: without the cost of lines no gross
-- profit is known, without a ledger no contribution. What is allocated to it comes from others.
unknown_lines as (
    select distinct
        known_parts.store_key,
        line_needs.line_code
    from known_parts
    inner join line_needs
        on
            (
                not known_parts.knows_cost_amount
                and line_needs.amount_kind in ('direct_cost', 'gross_profit')
            )
            or (
                not known_parts.knows_operating_cost_amount
                and line_needs.amount_kind in ('operating_cost', 'fixed_cost', 'variable_cost')
            )
),

-- Every store and month shows every line, so that a line without an amount is a zero, not a gap;
-- empty is only what cannot be known.
statements as (
    select
        store_months.store_key,
        store_months.month_start_on,
        {{ month_start(add_days('store_months.month_start_on', 31)) }} as next_month_on,
        {{ month_start(add_days('store_months.month_start_on', -1)) }} as previous_month_on,
        {{ year_before('store_months.month_start_on') }} as last_year_on,
        ledger_months.month_start_on is not null as is_posted,
        statement_lines.line_code,
        statement_lines.line_order,
        statement_lines.level,
        statement_lines.parent_line_code,
        statement_lines.line_kind,
        statement_lines.effect,
        statement_lines.title_zh,
        statement_lines.title_en,
        case
            when unknown_lines.line_code is null then coalesce(line_sums.amount, 0)
        end as amount,
        coalesce(revenues.revenue_amount, 0) as revenue_amount
    from store_months
    cross join statement_lines
    left join ledger_months on store_months.month_start_on = ledger_months.month_start_on
    left join revenues
        on
            store_months.store_key = revenues.store_key
            and store_months.month_start_on = revenues.month_start_on
    left join line_sums
        on
            store_months.store_key = line_sums.store_key
            and store_months.month_start_on = line_sums.month_start_on
            and statement_lines.line_code = line_sums.line_code
    left join unknown_lines
        on
            store_months.store_key = unknown_lines.store_key
            and statement_lines.line_code = unknown_lines.line_code
),

-- A month is compared when it is over and the ledger is posted: a running month lacks its costs.
compared as (
    select
        statements.*,
        {{ add_days('run_context.as_of_on', 1) }} >= statements.next_month_on
        and statements.is_posted as is_complete
    from statements
    cross join run_context
),

final as (
    select
        {{ key([
            'compared.store_key', year_month('compared.month_start_on'), 'compared.line_code',
        ]) }} as pnl_line_key,
        compared.store_key,
        stores.region_name,
        compared.month_start_on,
        compared.line_code,
        cast(compared.line_order as {{ dbt.type_int() }}) as line_order,
        cast(compared.level as {{ dbt.type_int() }}) as line_level,
        compared.parent_line_code,
        compared.line_kind,
        cast(compared.effect as {{ dbt.type_int() }}) as effect,
        compared.title_zh,
        compared.title_en,
        compared.is_complete,
        cast(compared.amount as {{ numeric_type(18, 2) }}) as amount,
        cast(compared.revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(line_budgets.budget_amount as {{ numeric_type(18, 2) }}) as budget_amount,
        cast(case when compared.is_complete then previous.amount end as {{ numeric_type(18, 2) }})
            as previous_month_amount,
        cast(case when compared.is_complete then last_year.amount end as {{ numeric_type(18, 2) }})
            as last_year_amount
    from compared
    left join stores on compared.store_key = stores.store_key
    left join line_budgets
        on
            compared.store_key = line_budgets.store_key
            and compared.month_start_on = line_budgets.month_start_on
            and compared.line_code = line_budgets.line_code
    left join compared as previous
        on
            compared.store_key = previous.store_key
            and compared.previous_month_on = previous.month_start_on
            and compared.line_code = previous.line_code
            and previous.is_complete
    left join compared as last_year
        on
            compared.store_key = last_year.store_key
            and compared.last_year_on = last_year.month_start_on
            and compared.line_code = last_year.line_code
            and last_year.is_complete
)

select * from final
