select
    record_number('M', vehicle.person_seq) as crm_customer_id,
    owner_name(vehicle.k) as customer_name,
    case when is_keyed_again(vehicle.k) then '86' else '' end || mobile_phone(vehicle.person_seq) as phone,
    unit(vehicle.k, 'member') < store.member_rate as is_member,
    ['walk_in', 'walk_in', 'referral', 'online', 'campaign'][1 + pick(vehicle.k, 'found', 5)]
        as acquisition_channel,
    at_utc(created_s + 1800) as created_at, at_utc(created_s + 1800) as updated_at,
    person_seq as _sort, 0 as _sort_2, hash(xor(vehicle.k, 2::ubigint)) as _k, store.store_id as _store_id,
    record_number('M', vehicle.person_seq) as _key,
    is_keyed_again(vehicle.k) as _is_keyed_again
from vehicle
inner join store on vehicle.home_store_no = store.store_no
where
    vehicle_seq = person_seq
    and in_window(created_s + 1800)
    and (unit(vehicle.k, 'in crm') < 0.82 or is_keyed_again(vehicle.k))
