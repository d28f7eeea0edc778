select
    record_number('M', vehicle.person_seq) as crm_customer_id, vehicle_identity.vin,
    vehicle_identity.plate_no, at_utc(vehicle.created_s + 1860) as updated_at,
    vehicle.vehicle_seq as _sort, 0 as _sort_2, hash(xor(vehicle.k, 3::ubigint)) as _k,
    store_number(vehicle.home_store_no) as _store_id,
    record_number('M', vehicle.person_seq) || ':' || vehicle_identity.vin as _key
from vehicle
inner join vehicle_identity on vehicle.vehicle_seq = vehicle_identity.vehicle_seq
inner join vehicle as owner on vehicle.person_seq = owner.vehicle_seq
where in_window(vehicle.created_s + 1860) and (unit(owner.k, 'in crm') < 0.82 or is_keyed_again(owner.k))
