with

store_day_lines as (
    select * from {{ ref('int_store_day_lines') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

month_sums as (
    select
        store_day_lines.store_key,
        dates.month_start_on,
        store_day_lines.service_line,
        store_day_lines.line_type,
        store_day_lines.pay_type,
        sum(store_day_lines.line_count) as line_count,
        sum(store_day_lines.billed_line_count) as billed_line_count,
        sum(store_day_lines.hours_sold) as hours_sold,
        sum(store_day_lines.list_amount) as list_amount,
        sum(store_day_lines.discount_amount) as discount_amount,
        sum(store_day_lines.revenue_amount) as revenue_amount,
        sum(store_day_lines.cost_amount) as cost_amount,
        sum(store_day_lines.gross_profit_amount) as gross_profit_amount
    from store_day_lines
    inner join dates on store_day_lines.business_on = dates.date_on
    group by
        store_day_lines.store_key, dates.month_start_on, store_day_lines.service_line,
        store_day_lines.line_type, store_day_lines.pay_type
),

final as (
    select
        {{ key([
            'store_key', year_month('month_start_on'), 'line_type',
            "coalesce(pay_type, '-')", "coalesce(service_line, '-')",
        ]) }} as line_margin_key,
        store_key,
        month_start_on,
        service_line,
        line_type,
        pay_type,
        cast(line_count as {{ dbt.type_int() }}) as line_count,
        cast(billed_line_count as {{ dbt.type_int() }}) as billed_line_count,
        cast(hours_sold as {{ numeric_type(18, 2) }}) as hours_sold,
        cast(list_amount as {{ numeric_type(18, 2) }}) as list_amount,
        cast(discount_amount as {{ numeric_type(18, 2) }}) as discount_amount,
        cast(revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(cost_amount as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(gross_profit_amount as {{ numeric_type(18, 2) }}) as gross_profit_amount
    from month_sums
)

select * from final
