{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- The classes of a kind, with the row of customers nobody knows, add up to what the store did in
-- the value window, to the cent, and to its customers.
-- It does not judge who belongs to which class.

with

segments as (
    select * from {{ ref('fct_customer_segments') }}
),

store_days as (
    select * from {{ ref('fct_store_day') }}
),

customer_values as (
    select * from {{ ref('fct_customer_value') }}
),

limits as (
    select
        cast({{ threshold('customer_value_window_days') }} as {{ dbt.type_int() }}) as window_days
),

bounds as (
    select max(as_of_on) as as_of_on
    from segments
),

segment_sums as (
    select
        store_key,
        segment_kind,
        sum(revenue_amount) as revenue_amount,
        sum(visit_count) as visit_count,
        sum(nps_response_count) as nps_response_count,
        sum(customer_count) as customer_count,
        max(store_revenue_amount) as store_revenue_amount,
        max(store_customer_count) as store_customer_count
    from segments
    group by store_key, segment_kind
),

store_sums as (
    select
        store_days.store_key,
        sum(store_days.revenue_amount) as revenue_amount,
        sum(store_days.visit_count) as visit_count,
        sum(store_days.nps_response_count) as nps_response_count
    from store_days
    cross join bounds
    cross join limits
    where
        store_days.business_on
        > {{ add_days('bounds.as_of_on', '-limits.window_days') }}
    group by store_days.store_key
),

-- Held days serve what single orders no longer say.
held_stores as (
    select distinct store_key from {{ ref('int_held_months') }}
),

customer_counts as (
    select
        store_key,
        count(*) as customer_count
    from customer_values
    group by store_key
),

final as (
    select
        segment_sums.store_key,
        segment_sums.segment_kind,
        segment_sums.revenue_amount,
        store_sums.revenue_amount as expected_revenue_amount
    from segment_sums
    left join store_sums on segment_sums.store_key = store_sums.store_key
    left join customer_counts on segment_sums.store_key = customer_counts.store_key
    left join held_stores on segment_sums.store_key = held_stores.store_key
    where
        held_stores.store_key is null
        and (
            segment_sums.revenue_amount <> coalesce(store_sums.revenue_amount, 0)
            or segment_sums.revenue_amount <> segment_sums.store_revenue_amount
            or segment_sums.visit_count <> coalesce(store_sums.visit_count, 0)
            or segment_sums.nps_response_count <> coalesce(store_sums.nps_response_count, 0)
            or segment_sums.customer_count <> coalesce(customer_counts.customer_count, 0)
            or segment_sums.customer_count <> segment_sums.store_customer_count
        )
)

select * from final
