{{ config(meta={'rule_id': 'bay_intervals_overlap'}) }}
-- Two vehicles do not stand in one bay at one time.
-- Overlaps are merged before utilisation is computed; the minutes merged away were booked twice.
-- Not judged: overlaps shorter than the tolerance.

with

fct_bay_hours as (
    select * from {{ ref('fct_bay_hours') }}
),

limits as (
    select
        {{ threshold('overlap_tolerance_minutes') }} as tolerance_minutes
),

final as (
    select
        fct_bay_hours.store_key as store_id,
        fct_bay_hours.business_on,
        {{ key(['fct_bay_hours.bay_key', 'fct_bay_hours.business_on']) }} as row_key,
        cast(fct_bay_hours.overlapping_minutes as {{ dbt.type_string() }})
        || ' minutes booked twice' as detail
    from fct_bay_hours
    cross join limits
    where fct_bay_hours.overlapping_minutes > limits.tolerance_minutes
)

select * from final
