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

limits as (
    select
        cast({{ threshold('obsolete_stock_months') }} as {{ dbt.type_int() }})
            as obsolete_after_months,
        {{ threshold('stock_holding_cost_ratio') }} as yearly_holding_ratio
),

-- Months numbered without gaps, so that the distance between two is a difference.
month_numbers as (
    select distinct
        month_start_on,
        year_number * 12 + month_number as month_rank
    from dates
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
            as month_end_stock_amount,
        sum(stock.stock_amount) as stock_yuan_days
    from stock
    inner join dates on stock.business_on = dates.date_on
    group by stock.store_key, stock.part_key, dates.month_start_on
),

demand_months as (
    select
        demand.store_key,
        demand.part_key,
        dates.month_start_on,
        sum(demand.issued_cost_amount) as issued_cost_amount,
        sum(demand.shelf_issued_cost_amount) as shelf_issued_cost_amount,
        sum(demand.issued_revenue_amount) as issued_revenue_amount
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

numbered as (
    select
        months.store_key,
        months.part_key,
        months.month_start_on,
        month_numbers.month_rank,
        coalesce(stock_months.stock_day_count, 0) as stock_day_count,
        coalesce(stock_months.stock_out_day_count, 0) as stock_out_day_count,
        coalesce(stock_months.month_end_quantity, 0) as month_end_quantity,
        coalesce(stock_months.month_end_stock_amount, 0) as month_end_stock_amount,
        coalesce(stock_months.stock_yuan_days, 0) as stock_yuan_days,
        coalesce(demand_months.issued_cost_amount, 0) as issued_cost_amount,
        coalesce(demand_months.shelf_issued_cost_amount, 0) as shelf_issued_cost_amount,
        coalesce(demand_months.issued_revenue_amount, 0) as issued_revenue_amount
    from months
    inner join month_numbers on months.month_start_on = month_numbers.month_start_on
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
),

-- Months since a piece was last issued; since the part was first known, if none ever was.
idle as (
    select
        *,
        month_rank - coalesce(
            max(case when issued_cost_amount > 0 then month_rank end) over (
                partition by store_key, part_key
                order by month_rank
                rows between unbounded preceding and current row
            ),
            min(month_rank) over (partition by store_key, part_key)
        ) as idle_month_count
    from numbered
),

final as (
    select
        idle.store_key,
        idle.part_key,
        idle.month_start_on,
        cast(idle.stock_day_count as {{ dbt.type_int() }}) as stock_day_count,
        cast(idle.stock_out_day_count as {{ dbt.type_int() }}) as stock_out_day_count,
        cast(idle.month_end_quantity as {{ numeric_type(12, 2) }}) as month_end_quantity,
        cast(idle.month_end_stock_amount as {{ numeric_type(18, 2) }}) as month_end_stock_amount,
        cast(idle.issued_cost_amount as {{ numeric_type(18, 2) }}) as issued_cost_amount,
        cast(idle.shelf_issued_cost_amount as {{ numeric_type(18, 2) }})
            as shelf_issued_cost_amount,
        cast(idle.issued_revenue_amount as {{ numeric_type(18, 2) }}) as issued_revenue_amount,
        cast(idle.stock_yuan_days as {{ numeric_type(18, 2) }}) as stock_yuan_days,
        cast(idle.idle_month_count as {{ dbt.type_int() }}) as idle_month_count,
        cast(
            case
                when idle.idle_month_count >= limits.obsolete_after_months
                    then idle.month_end_stock_amount
                else 0
            end as {{ numeric_type(18, 2) }}
        ) as obsolete_stock_amount,
        cast(limits.yearly_holding_ratio as {{ numeric_type(9, 4) }}) as yearly_holding_ratio
    from idle
    cross join limits
)

select * from final
