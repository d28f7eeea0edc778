{{ config(materialized='ephemeral') }}

with

batches as (
    select * from {{ source('control', 'batches') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

-- A full build recomputes every date: nothing needs to be looked up for it.
final as (
    select
        batches.system || '.' || batches.table_name as table_name,
        batches.batch_id
    from batches
    cross join run_context
    where batches.is_new and not run_context.is_full_build
)

select * from final
