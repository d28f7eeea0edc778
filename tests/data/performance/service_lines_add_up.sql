{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- The service lines of a month, with the row without a line, add up to the store's month, to the
-- cent.

with

service_line_months as (
    select * from {{ ref('fct_service_line_month') }}
),

store_months as (
    select * from {{ ref('fct_store_month') }}
),

held_months as (
    select * from {{ ref('int_held_months') }}
),

-- Held months serve what single orders no longer say.
line_sums as (
    select
        store_key,
        month_start_on,
        sum(revenue_amount) as revenue_amount,
        sum(cost_amount) as cost_amount,
        sum(gross_profit_amount) as gross_profit_amount,
        sum(hours_sold) as hours_sold,
        sum(order_count) as order_count,
        sum(nps_response_count) as nps_response_count,
        sum(promoter_count) as promoter_count,
        sum(detractor_count) as detractor_count,
        max(store_revenue_amount) as store_revenue_amount
    from service_line_months
    group by store_key, month_start_on
),

final as (
    select
        store_months.store_key,
        store_months.month_start_on,
        line_sums.revenue_amount,
        store_months.revenue_amount as expected_revenue_amount
    from store_months
    left join line_sums
        on
            store_months.store_key = line_sums.store_key
            and store_months.month_start_on = line_sums.month_start_on
    left join held_months
        on
            store_months.store_key = held_months.store_key
            and store_months.month_start_on = held_months.month_start_on
    where
        held_months.store_key is null
        and (
            store_months.revenue_amount <> coalesce(line_sums.revenue_amount, 0)
            or store_months.revenue_amount <> coalesce(line_sums.store_revenue_amount, 0)
            or store_months.cost_amount <> coalesce(line_sums.cost_amount, 0)
            or store_months.gross_profit_amount <> coalesce(line_sums.gross_profit_amount, 0)
            or store_months.hours_sold <> coalesce(line_sums.hours_sold, 0)
            or store_months.order_count <> coalesce(line_sums.order_count, 0)
            or store_months.nps_response_count <> coalesce(line_sums.nps_response_count, 0)
            or store_months.promoter_count <> coalesce(line_sums.promoter_count, 0)
            or store_months.detractor_count <> coalesce(line_sums.detractor_count, 0)
        )
)

select * from final
