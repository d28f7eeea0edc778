{{ config(meta={'rule_id': 'customer_not_merged'}) }}
-- Two customers do not have the same name and the same reachable phone.
-- The seed case: one person keyed three times counts as three new customers.
-- Not judged: one phone under several names, which families and companies share.

with

dim_customer as (
    select * from {{ ref('dim_customer') }}
),

doubles as (
    select
        phone,
        customer_name,
        min(customer_key) as first_customer_key
    from dim_customer
    where is_phone_reachable and customer_name is not null
    group by phone, customer_name
    having count(*) > 1
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        dim_customer.first_visit_on as business_on,
        dim_customer.customer_key as row_key,
        'same name and phone as ' || doubles.first_customer_key as detail
    from dim_customer
    inner join doubles
        on
            dim_customer.phone = doubles.phone
            and dim_customer.customer_name = doubles.customer_name
)

select * from final
