{{ config(meta={'rule_id': 'rows_not_as_usual'}) }}
-- What arrived last week is usual for its store: rows, mean amounts, shares, mix of codes.
-- A day that is half there looks like a bad day of the store until somebody asks.
-- Not judged: older days, which the steward's report lists.

with

normals as (
    select * from {{ ref('dq_learned_normals') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

final as (
    select
        normals.store_key as store_id,
        normals.business_on,
        normals.normal_key as row_key,
        normals.table_name || ': ' || normals.rule_code || ', '
        || cast(normals.observed_value as {{ dbt.type_string() }}) || ' where '
        || cast(normals.expected_value as {{ dbt.type_string() }}) || ' is usual' as detail
    from normals
    cross join run_context
    where
        normals.is_alarm
        and normals.business_on
        > {{ add_days('run_context.as_of_on', '-' ~ threshold('normal_alarm_days')) }}
)

select * from final
