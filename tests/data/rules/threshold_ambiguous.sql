{{ config(meta={'rule_id': 'threshold_ambiguous'}) }}
-- Every limit of the project has one value in force.
-- Two values in force multiply the rows of every query that reads them; none makes a rule silent.
-- Not judged: whether the value is right.

with

thresholds as (
    select * from {{ ref('thresholds') }}
),

in_force as (
    select
        threshold_code,
        sum(case when valid_to is null then 1 else 0 end) as value_count
    from thresholds
    group by threshold_code
),

final as (
    select
        cast(null as {{ dbt.type_string() }}) as store_id,
        cast(null as date) as business_on,
        threshold_code as row_key,
        cast(value_count as {{ dbt.type_string() }}) || ' values in force' as detail
    from in_force
    where value_count <> 1
)

select * from final
