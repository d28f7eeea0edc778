with

stock as (
    select * from {{ ref('fct_parts_stock') }}
),

demand as (
    select * from {{ ref('fct_parts_demand') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

stock_months as (
    select
        stock.store_key,
        stock.part_key,
        dates.month_start_on,
        count(*) as stock_day_count,
        sum(case when stock.is_stock_out then 1 else 0 end) as stock_out_day_count,
        sum(case when dates.is_month_end_known then stock.quantity_on_hand else 0 end)
            as month_end_quantity,
        sum(case when dates.is_month_end_known then stock.stock_amount else 0 end)
            as month_end_stock_amount
    from stock
    inner join dates on stock.business_on = dates.date_on
    group by stock.store_key, stock.part_key, dates.month_start_on
),

demand_months as (
    select
        demand.store_key,
        demand.part_key,
        dates.month_start_on,
        sum(demand.issued_cost_amount) as issued_cost_amount
    from demand
    inner join dates on demand.business_on = dates.date_on
    group by demand.store_key, demand.part_key, dates.month_start_on
),

-- A part may be issued without ever being in stock, and be in stock without being issued.
months as (
    select
        store_key,
        part_key,
        month_start_on
    from stock_months

    union distinct

    select
        store_key,
        part_key,
        month_start_on
    from demand_months
),

final as (
    select
        months.store_key,
        months.part_key,
        months.month_start_on,
        cast(coalesce(stock_months.stock_day_count, 0) as {{ dbt.type_int() }})
            as stock_day_count,
        cast(coalesce(stock_months.stock_out_day_count, 0) as {{ dbt.type_int() }})
            as stock_out_day_count,
        cast(coalesce(stock_months.month_end_quantity, 0) as {{ numeric_type(12, 2) }})
            as month_end_quantity,
        cast(coalesce(stock_months.month_end_stock_amount, 0) as {{ numeric_type(18, 2) }})
            as month_end_stock_amount,
        cast(coalesce(demand_months.issued_cost_amount, 0) as {{ numeric_type(18, 2) }})
            as issued_cost_amount
    from months
    left join stock_months
        on
            months.store_key = stock_months.store_key
            and months.part_key = stock_months.part_key
            and months.month_start_on = stock_months.month_start_on
    left join demand_months
        on
            months.store_key = demand_months.store_key
            and months.part_key = demand_months.part_key
            and months.month_start_on = demand_months.month_start_on
)

select * from final
