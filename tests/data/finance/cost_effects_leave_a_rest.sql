{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that price, volume and mix explain every change of a cost to the cent, that a store has no
-- mix, and that the network's cost and price effect are those of its stores.
-- It does not judge whether the driver is the right one.

with

cost_drivers as (
    select * from {{ ref('fct_cost_drivers') }}
),

store_sums as (
    select
        month_start_on,
        comparison,
        cost_code,
        sum(amount) as amount,
        sum(price_effect_amount) as price_effect_amount
    from cost_drivers
    where scope_kind = 'store'
    group by month_start_on, comparison, cost_code
),

final as (
    select cost_drivers.cost_driver_key
    from cost_drivers
    left join store_sums
        on
            cost_drivers.month_start_on = store_sums.month_start_on
            and cost_drivers.comparison = store_sums.comparison
            and cost_drivers.cost_code = store_sums.cost_code
            and cost_drivers.scope_kind = 'network'
    where
        cost_drivers.price_effect_amount + cost_drivers.volume_effect_amount
        + cost_drivers.mix_effect_amount
        <> cost_drivers.change_amount
        or (cost_drivers.scope_kind = 'store' and cost_drivers.mix_effect_amount <> 0)
        or cost_drivers.amount <> store_sums.amount
        or cost_drivers.price_effect_amount <> store_sums.price_effect_amount
)

select * from final
