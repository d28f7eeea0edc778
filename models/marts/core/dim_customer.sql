with

customer_records as (
    select * from {{ ref('int_customer_records') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

-- The record to believe: one under which the customer can be reached, the newest of these.
ranked as (
    select
        customer_sources.customer_key,
        customer_records.*,
        row_number() over (
            partition by customer_sources.customer_key
            order by
                case when customer_records.phone_digits is not null then 0 else 1 end,
                case when customer_records.customer_name is not null then 0 else 1 end,
                customer_records.updated_at desc nulls last,
                customer_records.age_rank asc
        ) as belief_rank
    from customer_records
    inner join customer_sources
        on customer_records.source_customer_key = customer_sources.source_customer_key
),

people as (
    select
        customer_key,
        max(case when belief_rank = 1 then customer_name end) as customer_name,
        max(case when belief_rank = 1 then coalesce(phone_digits, phone) end) as phone,
        case
            when max(case when customer_kind = 'company' then 1 else 0 end) = 1 then 'company'
            else 'person'
        end as customer_kind,
        max(case when is_member then 1 else 0 end) = 1 as is_member,
        min(acquisition_channel) as acquisition_channel,
        max(case when phone_digits is not null then 1 else 0 end) = 1 as is_phone_reachable,
        count(*) as source_record_count
    from ranked
    group by customer_key
),

source_visits as (
    select
        source_customer_key,
        min(business_on) as first_visit_on,
        max(business_on) as last_visit_on,
        count(*) as visit_count
    from repair_orders
    where is_first_order_of_visit
    group by source_customer_key
),

visits as (
    select
        customer_sources.customer_key,
        min(source_visits.first_visit_on) as first_visit_on,
        max(source_visits.last_visit_on) as last_visit_on,
        sum(source_visits.visit_count) as visit_count
    from source_visits
    inner join customer_sources
        on source_visits.source_customer_key = customer_sources.source_customer_key
    group by customer_sources.customer_key
),

final as (
    select
        people.customer_key,
        people.customer_name,
        people.phone,
        people.customer_kind,
        people.is_member,
        people.acquisition_channel,
        people.is_phone_reachable,
        cast(people.source_record_count as {{ dbt.type_int() }}) as source_record_count,
        visits.first_visit_on,
        visits.last_visit_on,
        cast(coalesce(visits.visit_count, 0) as {{ dbt.type_int() }}) as visit_count,
        case
            when visits.visit_count = 1 then 'first'
            when visits.visit_count <= 3 then 'repeat_1_2'
            when visits.visit_count > 3 then 'repeat_3_plus'
        end as visit_class
    from people
    left join visits
        on people.customer_key = visits.customer_key
)

select * from final
