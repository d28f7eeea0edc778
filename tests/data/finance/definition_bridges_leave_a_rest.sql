{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that the bars of a bridge add up to the difference of its readings exactly, that rounding
-- left no more than a millionth a bar, and that the warehouse's own reading is fct_store_month's.

with

steps as (
    select * from {{ ref('fct_definition_bridges') }}
),

store_months as (
    select * from {{ ref('fct_store_month') }}
),

limits as (
    select {{ threshold('bridge_rounding_rest_millionths') }} as rest_millionths
),

held_months as (
    select * from {{ ref('int_held_months') }}
),

sums as (
    select
        bridge_code,
        scope_kind,
        scope_key,
        month_start_on,
        max(to_value - from_value) as difference,
        sum(case when step_kind = 'rule' then step_value else 0 end) as bars,
        max(abs(rounding_rest)) as rounding_rest
    from steps
    group by bridge_code, scope_kind, scope_key, month_start_on
),

final as (
    select
        sums.bridge_code,
        sums.scope_key,
        sums.month_start_on,
        sums.difference,
        sums.bars
    from sums
    cross join limits
    where
        sums.difference <> sums.bars
        or sums.rounding_rest * 1000000 > limits.rest_millionths

    union all

    select
        steps.bridge_code,
        steps.scope_key,
        steps.month_start_on,
        steps.from_value as difference,
        store_months.revenue_amount as bars
    from steps
    inner join store_months
        on
            steps.store_key = store_months.store_key
            and steps.month_start_on = store_months.month_start_on
    left join held_months
        on
            store_months.store_key = held_months.store_key
            and store_months.month_start_on = held_months.month_start_on
    where
        held_months.store_key is null
        and steps.bridge_code = 'service_to_booked'
        and steps.step_kind = 'from'
        and steps.from_value <> store_months.revenue_amount
)

select * from final
