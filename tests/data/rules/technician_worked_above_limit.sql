{{ config(meta={'rule_id': 'technician_worked_above_limit'}) }}
-- A technician does not work on orders for longer than present, within the tolerance.
-- Worked time above presence is a forgotten clock-off or a job booked on the wrong person.
-- Not judged: days without a shift, which have no presence to compare with.

with

fct_technician_hours as (
    select * from {{ ref('fct_technician_hours') }}
),

limits as (
    select
        {{ threshold('max_worked_ratio') }} as max_ratio
),

final as (
    select
        fct_technician_hours.store_key as store_id,
        fct_technician_hours.business_on,
        {{ key(['fct_technician_hours.technician_key', 'fct_technician_hours.business_on']) }}
            as row_key,
        cast(fct_technician_hours.worked_minutes as {{ dbt.type_string() }}) || ' of '
        || cast(fct_technician_hours.available_minutes as {{ dbt.type_string() }}) || ' minutes'
            as detail
    from fct_technician_hours
    cross join limits
    where
        fct_technician_hours.available_minutes > 0
        and fct_technician_hours.worked_minutes
        > fct_technician_hours.available_minutes * limits.max_ratio
)

select * from final
