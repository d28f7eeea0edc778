{{ config(meta={'rule_id': 'survey_response_share_unusual'}) }}
-- The share of surveys answered in a store-month stays within the limits.
-- Nobody answers when sending is broken; everybody answers when the store fills them in itself.
-- Not judged: months with few surveys.

with

fct_store_month as (
    select * from {{ ref('fct_store_month') }}
),

limits as (
    select
        {{ threshold('survey_share_min_sent') }} as min_sent_count,
        {{ threshold('survey_share_min') }} as min_share,
        {{ threshold('survey_share_max') }} as max_share
),

final as (
    select
        fct_store_month.store_key as store_id,
        fct_store_month.month_start_on as business_on,
        {{ key(['fct_store_month.store_key', 'fct_store_month.month_start_on']) }} as row_key,
        cast(fct_store_month.survey_response_count as {{ dbt.type_string() }}) || ' of '
        || cast(fct_store_month.survey_sent_count as {{ dbt.type_string() }}) || ' answered'
            as detail
    from fct_store_month
    cross join limits
    where
        fct_store_month.survey_sent_count >= limits.min_sent_count
        and (
            fct_store_month.survey_response_count
            < fct_store_month.survey_sent_count * limits.min_share
            or fct_store_month.survey_response_count
            > fct_store_month.survey_sent_count * limits.max_share
        )
)

select * from final
