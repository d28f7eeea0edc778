{{ config(meta={'rule_id': 'customer_visits_differ'}) }}
-- A customer's first visit is not after the last, and a customer with visits has both days.
-- New and returning visits are told apart by the first visit.
-- Not judged: customers who never came.

with

dim_customer as (
    select * from {{ ref('dim_customer') }}
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        first_visit_on as business_on,
        customer_key as row_key,
        cast(visit_count as {{ dbt.type_string() }}) || ' visits from '
        || coalesce(cast(first_visit_on as {{ dbt.type_string() }}), 'no day') || ' to '
        || coalesce(cast(last_visit_on as {{ dbt.type_string() }}), 'no day') as detail
    from dim_customer
    where
        first_visit_on > last_visit_on
        or (visit_count > 0 and (first_visit_on is null or last_visit_on is null))
        or (visit_count = 0 and first_visit_on is not null)
)

select * from final
