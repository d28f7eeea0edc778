{{ config(meta={'rule_id': 'appointment_entered_twice'}) }}
-- An appointment stands in the calendar once: same vehicle, same booking, same due time.
-- A calendar that is imported twice under new numbers doubles what is due and halves the show rate.
-- Not judged: cancelled appointments, and a vehicle that is booked again at another moment.

with

fct_appointments as (
    select * from {{ ref('fct_appointments') }}
),

repeated as (
    select
        store_key,
        vehicle_key,
        booked_at,
        due_at,
        count(*) as appointment_count
    from fct_appointments
    where not is_cancelled and vehicle_key is not null
    group by store_key, vehicle_key, booked_at, due_at
    having count(*) > 1
),

final as (
    select
        fct_appointments.store_key as store_id,
        fct_appointments.business_on,
        fct_appointments.appointment_key as row_key,
        'vehicle ' || fct_appointments.vehicle_key || ' is booked '
        || cast(repeated.appointment_count as {{ dbt.type_string() }}) || ' times for one moment'
            as detail
    from fct_appointments
    inner join repeated
        on
            fct_appointments.store_key = repeated.store_key
            and fct_appointments.vehicle_key = repeated.vehicle_key
            and fct_appointments.booked_at = repeated.booked_at
            and fct_appointments.due_at = repeated.due_at
    where not fct_appointments.is_cancelled
)

select * from final
