{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that the value of a metric lies between its bounds, that a month without defects has no
-- width, and that the backlog ranks each rule by one metric.

with

bounds as (
    select * from {{ ref('fct_metric_error_bounds') }}
),

error_bounds as (
    select * from {{ ref('error_bounds') }}
    where valid_to is null
),

final as (
    select
        error_bound_key as row_key,
        'the value is outside its bounds, or bounds without defects differ from it' as reason
    from bounds
    where
        lowest_value > metric_value
        or highest_value < metric_value
        or (
            defect_rule_count = 0
            and (lowest_value <> metric_value or highest_value <> metric_value)
        )

    union all

    select
        rule_id as row_key,
        'a rule needs one main metric' as reason
    from error_bounds
    group by rule_id
    having sum(case when is_main_metric then 1 else 0 end) <> 1
)

select * from final
