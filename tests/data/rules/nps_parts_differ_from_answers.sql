{{ config(meta={'rule_id': 'nps_parts_differ_from_answers'}) }}
-- Promoters, passives and detractors of a store-day add up to its scored answers.
-- Shares of the three groups must add up to 100 % before one is subtracted from another.
-- Not judged: answers without a score.

with

fct_store_day as (
    select * from {{ ref('fct_store_day') }}
),

final as (
    select
        store_key as store_id,
        business_on,
        {{ key(['store_key', 'business_on']) }} as row_key,
        cast(promoter_count + passive_count + detractor_count as {{ dbt.type_string() }})
        || ' in three groups, ' || cast(nps_response_count as {{ dbt.type_string() }})
        || ' scored answers' as detail
    from fct_store_day
    where promoter_count + passive_count + detractor_count <> nps_response_count
)

select * from final
