{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that the drivers of each way to split a gap between tickets add up to it, to the cent: a
-- driver that were left out would let the others explain too much.
-- It does not judge whether the ways are the right ones.

with

fct_store_gap_drivers as (
    select * from {{ ref('fct_store_gap_drivers') }}
),

final as (
    select
        month_start_on,
        store_key,
        baseline_kind,
        baseline_key,
        decomposition_code,
        sum(contribution_amount) as explained_amount,
        max(gap_amount) as gap_amount
    from fct_store_gap_drivers
    group by month_start_on, store_key, baseline_kind, baseline_key, decomposition_code
    having abs(sum(contribution_amount) - max(gap_amount)) >= 0.005
)

select * from final
