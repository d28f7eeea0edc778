{#-
  Shared cost divided among the stores that bear it, to the cent. Each store gets the difference of two
  rounded running totals, so that the parts of a posting add up to it whatever the key is, no store is
  more than a cent off, and the order of the stores decides every tie.
-#}

with

cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
    where cost_centre_code is not null
),

cost_centres as (
    select * from {{ ref('cost_centres') }}
),

allocation_keys as (
    select * from {{ ref('allocation_keys') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

drivers as (
    select * from {{ ref('int_store_month_drivers') }}
),

shared_costs as (
    select
        cost_centre_code,
        account_code,
        month_start_on,
        sum(amount) as shared_amount
    from cost_lines
    group by cost_centre_code, account_code, month_start_on
),

keyed as (
    select
        shared_costs.*,
        cost_centres.scope_kind,
        cost_centres.region_name,
        coalesce(allocation_keys.driver_code, cost_centres.default_driver_code) as driver_code
    from shared_costs
    left join cost_centres
        on
            shared_costs.cost_centre_code = cost_centres.cost_centre_code
            and shared_costs.month_start_on >= cost_centres.valid_from
            and (
                cost_centres.valid_to is null
                or shared_costs.month_start_on < cost_centres.valid_to
            )
    left join allocation_keys
        on
            shared_costs.cost_centre_code = allocation_keys.cost_centre_code
            and shared_costs.account_code = allocation_keys.account_code
            and shared_costs.month_start_on >= allocation_keys.valid_from
            and (
                allocation_keys.valid_to is null
                or shared_costs.month_start_on < allocation_keys.valid_to
            )
),

bearers as (
    select
        keyed.*,
        stores.store_key,
        greatest(coalesce(drivers.driver_units, 0), 0) as driver_units,
        case
            when stores.opened_on < {{ month_start(add_days('keyed.month_start_on', 31)) }} then 1
            else 0
        end as open_units
    from keyed
    inner join stores
        on keyed.scope_kind = 'network' or keyed.region_name = stores.region_name
    left join drivers
        on
            stores.store_key = drivers.store_key
            and keyed.month_start_on = drivers.month_start_on
            and keyed.driver_code = drivers.driver_code
),

totals as (
    select
        *,
        sum(driver_units) over (
            partition by cost_centre_code, account_code, month_start_on
        ) as all_driver_units,
        sum(open_units) over (
            partition by cost_centre_code, account_code, month_start_on
        ) as all_open_units
    from bearers
),

-- Where the key is zero for every store, the stores open in the month bear the cost in equal parts.
weights as (
    select
        *,
        case
            when all_driver_units > 0 then driver_units
            when all_open_units > 0 then open_units
            else 1
        end as weight
    from totals
),

running as (
    select
        *,
        sum(weight) over (
            partition by cost_centre_code, account_code, month_start_on
        ) as all_weight,
        sum(weight) over (
            partition by cost_centre_code, account_code, month_start_on
            order by store_key
            rows between unbounded preceding and current row
        ) as running_weight
    from weights
),

cents as (
    select
        *,
        floor(
            cast(shared_amount * 100 as {{ double_type() }})
            * cast(running_weight as {{ double_type() }})
            / cast(all_weight as {{ double_type() }})
            + 0.5
        ) as running_cents,
        floor(
            cast(shared_amount * 100 as {{ double_type() }})
            * cast(running_weight - weight as {{ double_type() }})
            / cast(all_weight as {{ double_type() }})
            + 0.5
        ) as earlier_cents
    from running
),

final as (
    select
        store_key,
        month_start_on,
        cost_centre_code,
        account_code,
        driver_code,
        cast(driver_units as {{ numeric_type(18, 2) }}) as driver_units,
        cast(
            cast(running_cents - earlier_cents as {{ double_type() }}) / 100
            as {{ numeric_type(18, 2) }}
        ) as amount
    from cents
)

select * from final
