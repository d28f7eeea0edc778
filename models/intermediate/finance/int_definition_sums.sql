{#-
  What each date basis and each scope of payers puts into a store's month. A visit belongs to the payer
  and the day of its first order, so that visits add up as amounts do.
-#}

with

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
    where not is_cancelled
),

payers as (
    select * from {{ ref('definition_payers') }}
    where valid_to is null
),

order_sums as (
    select
        store_key,
        business_on,
        closed_on,
        pay_type,
        sum(revenue_amount + discount_amount) as list_amount,
        sum(revenue_amount) as net_amount,
        count(*) as order_count,
        sum(case when is_first_order_of_visit then 1 else 0 end) as visit_count
    from repair_orders
    group by store_key, business_on, closed_on, pay_type
),

dated as (
    select
        'opened' as date_basis,
        {{ month_start('business_on') }} as month_start_on,
        store_key,
        pay_type,
        list_amount,
        net_amount,
        order_count,
        visit_count
    from order_sums

    union all

    select
        'closed' as date_basis,
        {{ month_start('closed_on') }} as month_start_on,
        store_key,
        pay_type,
        list_amount,
        net_amount,
        order_count,
        visit_count
    from order_sums
    where closed_on is not null
),

final as (
    select
        dated.store_key,
        dated.month_start_on,
        dated.date_basis,
        payers.payer_scope,
        sum(dated.list_amount) as list_amount,
        sum(dated.net_amount) as net_amount,
        cast(sum(dated.order_count) as {{ dbt.type_int() }}) as order_count,
        cast(sum(dated.visit_count) as {{ dbt.type_int() }}) as visit_count
    from dated
    inner join payers on dated.pay_type = payers.pay_type
    group by dated.store_key, dated.month_start_on, dated.date_basis, payers.payer_scope
)

select * from final
