select
    record_number('V', vehicle.vehicle_seq) as vehicle_id, vehicle_identity.vin,
    vehicle_identity.plate_no, vehicle_identity.model_name, vehicle_identity.energy_type,
    day_of(vehicle.sold_day) as sold_on, record_number('C', vehicle.person_seq) as customer_id,
    at_utc(vehicle.created_s) as created_at, at_utc(vehicle.created_s) as updated_at,
    vehicle.vehicle_seq as _sort, 0 as _sort_2, vehicle.k as _k,
    store_number(vehicle.home_store_no) as _store_id,
    record_number('V', vehicle.vehicle_seq) as _key,
    case
        when defect_draw(other.k) >= 100000 and known(other.created_s) then other_identity.vin
    end as _other_vin
from vehicle
inner join vehicle_identity on vehicle.vehicle_seq = vehicle_identity.vehicle_seq
left join vehicle as other on vehicle.vehicle_seq - 3 = other.vehicle_seq
left join vehicle_identity as other_identity on other.vehicle_seq = other_identity.vehicle_seq
where in_window(vehicle.created_s)
