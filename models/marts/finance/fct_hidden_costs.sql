{#-
  Cost that no account shows, by store and month: work done twice, work nobody pays for, and technicians
  who are present and have nothing to do. Rework counts in the month and store the vehicle came back to.
-#}

with

store_months as (
    select * from {{ ref('fct_store_month') }}
),

comeback_returns as (
    select * from {{ ref('int_comeback_returns') }}
),

order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
    where pay_type = 'internal'
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

order_types as (
    select * from {{ ref('order_types') }}
),

cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
),

cost_accounts as (
    select * from {{ ref('cost_accounts') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

rework as (
    select
        comeback_returns.store_key,
        dates.month_start_on,
        count(*) as rework_order_count,
        sum(comeback_returns.cost_amount) as rework_cost_amount,
        sum(comeback_returns.revenue_amount) as rework_revenue_amount
    from comeback_returns
    inner join dates on comeback_returns.business_on = dates.date_on
    group by comeback_returns.store_key, dates.month_start_on
),

-- What the house pays for on an order that is a comeback is rework already.
goodwill as (
    select
        order_lines.store_key,
        dates.month_start_on,
        sum(order_lines.cost_amount) as goodwill_cost_amount
    from order_lines
    inner join repair_orders on order_lines.repair_order_key = repair_orders.repair_order_key
    inner join order_types
        on
            repair_orders.order_type = order_types.order_type
            and order_types.is_goodwill_eligible
            and order_types.valid_to is null
    inner join dates on order_lines.business_on = dates.date_on
    left join comeback_returns
        on order_lines.repair_order_key = comeback_returns.repair_order_key
    where comeback_returns.repair_order_key is null
    group by order_lines.store_key, dates.month_start_on
),

attendance_pay as (
    select
        cost_lines.store_key,
        cost_lines.month_start_on,
        sum(cost_lines.amount) as attendance_pay_amount
    from cost_lines
    inner join cost_accounts
        on
            cost_lines.account_code = cost_accounts.account_code
            and cost_accounts.is_attendance_pay
            and cost_lines.month_start_on >= cost_accounts.valid_from
            and (
                cost_accounts.valid_to is null
                or cost_lines.month_start_on < cost_accounts.valid_to
            )
    group by cost_lines.store_key, cost_lines.month_start_on
),

joined as (
    select
        store_months.store_key,
        store_months.month_start_on,
        store_months.gross_profit_amount,
        store_months.technician_available_minutes,
        store_months.technician_worked_minutes,
        greatest(
            store_months.technician_available_minutes - store_months.technician_worked_minutes, 0
        ) as unapplied_minutes,
        coalesce(rework.rework_order_count, 0) as rework_order_count,
        -- Without the cost of lines nobody knows what they cost the house.
        case
            when store_months.cost_amount is not null
                then coalesce(rework.rework_cost_amount, 0)
        end as rework_cost_amount,
        coalesce(rework.rework_revenue_amount, 0) as rework_revenue_amount,
        case
            when store_months.cost_amount is not null
                then coalesce(goodwill.goodwill_cost_amount, 0)
        end as goodwill_cost_amount,
        coalesce(attendance_pay.attendance_pay_amount, 0) as attendance_pay_amount
    from store_months
    left join rework
        on
            store_months.store_key = rework.store_key
            and store_months.month_start_on = rework.month_start_on
    left join goodwill
        on
            store_months.store_key = goodwill.store_key
            and store_months.month_start_on = goodwill.month_start_on
    left join attendance_pay
        on
            store_months.store_key = attendance_pay.store_key
            and store_months.month_start_on = attendance_pay.month_start_on
),

final as (
    select
        store_key,
        month_start_on,
        cast(rework_order_count as {{ dbt.type_int() }}) as rework_order_count,
        cast(rework_cost_amount as {{ numeric_type(18, 2) }}) as rework_cost_amount,
        cast(rework_revenue_amount as {{ numeric_type(18, 2) }}) as rework_revenue_amount,
        cast(goodwill_cost_amount as {{ numeric_type(18, 2) }}) as goodwill_cost_amount,
        cast(gross_profit_amount as {{ numeric_type(18, 2) }}) as gross_profit_amount,
        cast(technician_available_minutes as {{ numeric_type(18, 2) }})
            as technician_available_minutes,
        cast(technician_worked_minutes as {{ numeric_type(18, 2) }}) as technician_worked_minutes,
        cast(unapplied_minutes as {{ numeric_type(18, 2) }}) as unapplied_minutes,
        cast(attendance_pay_amount as {{ numeric_type(18, 2) }}) as attendance_pay_amount,
        case
            when technician_available_minutes > 0
                then {{ round_to_cents(
                    'cast(attendance_pay_amount as ' ~ double_type() ~ ')'
                    ~ ' * cast(unapplied_minutes as ' ~ double_type() ~ ')'
                    ~ ' / cast(technician_available_minutes as ' ~ double_type() ~ ')'
                ) }}
            else cast(0 as {{ numeric_type(18, 2) }})
        end as unapplied_cost_amount
    from joined
)

select * from final
