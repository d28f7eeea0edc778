{{ config(meta={'rule_id': 'bay_utilisation_above_limit'}) }}
-- A bay is not productive for longer than its opening hours allow, overtime included.
-- Utilisation above the limit is an interval that was never closed or a wrong bay, not a good day.
-- Not judged: bay-days without opening hours.

with

fct_bay_hours as (
    select * from {{ ref('fct_bay_hours') }}
),

limits as (
    select
        {{ threshold('max_bay_utilisation_ratio') }} as max_ratio
),

final as (
    select
        fct_bay_hours.store_key as store_id,
        fct_bay_hours.business_on,
        {{ key(['fct_bay_hours.bay_key', 'fct_bay_hours.business_on']) }} as row_key,
        cast(fct_bay_hours.productive_minutes as {{ dbt.type_string() }}) || ' of '
        || cast(fct_bay_hours.available_minutes as {{ dbt.type_string() }}) || ' minutes'
            as detail
    from fct_bay_hours
    cross join limits
    where
        fct_bay_hours.available_minutes > 0
        and fct_bay_hours.productive_minutes > fct_bay_hours.available_minutes * limits.max_ratio
)

select * from final
