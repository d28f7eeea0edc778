-- What each order of the batch is, before anybody has touched the vehicle.
create or replace temp table m_batch_fact as
with facts as (
    select
        m_batch.*,
        vehicle.person_seq,
        vehicle.k as vehicle_k,
        vehicle.created_s as vehicle_created_s,
        vehicle.sold_day,
        vehicle.visit_count as visits_before,
        owner.k as owner_k,
        owner.created_s as owner_created_s,
        store_day.load,
        store_day.pace,
        store_day.appointment_rate,
        store_day.package_rate,
        store.bay_count,
        unit(m_batch.k, 'type') as type_draw,
        (store_day.k % 64)::integer as bay_offset
    from m_batch
    inner join vehicle on m_batch.vehicle_seq = vehicle.vehicle_seq
    inner join vehicle as owner on vehicle.person_seq = owner.vehicle_seq
    inner join store_day
        on m_batch.store_no = store_day.store_no and m_batch.day_no = store_day.day_no
    inner join store on m_batch.store_no = store.store_no
),

typed as (
    select
        facts.*,
        case
            when index_order_no is not null then 'repair'
            when is_new and unit(k, 'pdi') < 0.3 then 'pdi'
            when type_draw < 0.44 then 'maintenance'
            when type_draw < 0.735 then 'repair'
            when type_draw < 0.805 then 'body'
            when type_draw < 0.97 then 'accessories'
            else 'recall'
        end as order_type,
        -- vehicles differ in what their owners spend
        0.62 + 0.9 * pow(unit(vehicle_k, 'value'), 2.2) + 0.16 as vehicle_value
    from facts
),

timed as (
    select
        typed.*,
        case
            when order_type = 'repair' then coalesce(
                typed.fault_no,
                case
                    when unit(typed.k, 'fault') < 0.24 then 1
                    when unit(typed.k, 'fault') < 0.44 then 2
                    when unit(typed.k, 'fault') < 0.63 then 3
                    when unit(typed.k, 'fault') < 0.72 then 4
                    when unit(typed.k, 'fault') < 0.84 then 5
                    when unit(typed.k, 'fault') < 0.97 then 6
                    else 7
                end
            )
            else 0
        end::integer as fault_index,
        unit(k, 'cancelled') < 0.018 and index_order_no is null as is_cancelled,
        case
            when index_order_no is not null then unit(k, 'arrival')
            else (slot + unit(k, 'arrival')) / greatest(regular_orders, 1)
        end as arrival_share
    from typed
)

select
    store_no,
    day_no,
    slot,
    order_no,
    k,
    is_new,
    vehicle_seq,
    vehicle_k,
    vehicle_created_s,
    person_seq,
    owner_k,
    owner_created_s,
    visits_before,
    index_order_no,
    order_type,
    fault_index as fault_no,
    vehicle_value,
    load,
    pace,
    is_cancelled,
    case
        when order_type in ('pdi') then 'internal'
        when order_type = 'recall' then 'warranty'
        when index_order_no is not null then
            case when unit(k, 'pay') < 0.45 then 'internal' when unit(k, 'pay') < 0.75 then 'warranty' else 'customer' end
        when order_type = 'body' and unit(k, 'pay') < 0.7 then 'insurance'
        when order_type = 'repair' and day_no - sold_day < 1095 and unit(k, 'pay') < 0.4 then 'warranty'
        else 'customer'
    end as pay_type,
    case
        when
            order_type in ('maintenance', 'repair')
            and not is_cancelled
            and index_order_no is null
            and unit(k, 'package') < package_rate * 1.06
            then 1 + pick(k, 'which package', 12)
    end as package_no,
    not is_new
    and index_order_no is null
    and order_type <> 'pdi'
    and unit(k, 'appointment') < appointment_rate as has_appointment,
    (
        day_no * 86400 + 28920
        + 26400 * arrival_share * (0.55 + 0.45 * arrival_share)
    )::integer as arrived_s,
    bay_count,
    bay_offset,
    -- what the trip counter shows grows with the days since the sale
    (
        (day_no - sold_day) * (18 + pick(vehicle_k, 'per day', 46)) + 35 + pick(vehicle_k, 'first km', 60)
    )::integer as odometer_km,
    case
        when unit(k, 'entry') < 0.035 then 'paper'
        when unit(k, 'entry') < 0.50 then 'desktop'
        else 'tablet'
    end as entry_channel
from timed;
