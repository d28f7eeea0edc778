{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Over all stores, who is active at a month's end is who was active when it began, with the new
-- customers and those who came back, without those who lapsed. A customer who changes the store
-- keeps the balance of the network, not that of each store.

with

customer_months as (
    select * from {{ ref('fct_customer_month') }}
),

final as (
    select
        month_start_on,
        sum(active_end_count) as active_end_count,
        sum(
            active_start_count + new_customer_count + woken_customer_count
            + recovered_customer_count - lapsed_customer_count
        ) as expected_count
    from customer_months
    group by month_start_on
    having
        sum(active_end_count) <> sum(
            active_start_count + new_customer_count + woken_customer_count
            + recovered_customer_count - lapsed_customer_count
        )
        or min(retained_customer_count) < 0
        or min(cohort_customer_count - retained_customer_count) < 0
)

select * from final
