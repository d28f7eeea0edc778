-- What is written on the vehicles that became known this month.
insert into vehicle_identity
with fresh as (
    select
        vehicle.vehicle_seq,
        vehicle.k,
        vehicle.sold_day,
        store.plate_prefix,
        scatter(vehicle.vehicle_seq, 10000000000) as code,
        scatter(vehicle.vehicle_seq, 45435424) as plate_code,
        pick(vehicle.k, 'model', 9) as model_index
    from vehicle
    inner join store on vehicle.home_store_no = store.store_no
    where vehicle.vehicle_seq > (select coalesce(max(vehicle_seq), 0) from vehicle_identity)
),

modelled as (
    select
        fresh.*,
        ['A4L', 'A6L', 'Q5L', 'ES200', 'RX350h', 'NX260', 'L6', 'L8', 'MEGA'][1 + model_index] as model_name,
        case
            when model_index in (4, 6, 7) then 'hybrid' when model_index = 8 then 'bev' else 'ice'
        end as energy_type,
        'ABCDEFGHJ'[1 + model_index] || 'KLMNPRSTU'[1 + (code % 9)::integer] as model_letters,
        lpad((code // 10000000)::varchar, 3, '0') as code_head,
        lpad((code % 10000000)::varchar, 7, '0') as code_tail,
        'ABCDEFGHJKLMNPRSTVWXY12345'[
            greatest(1, least(26, (day_of(sold_day) - date '2010-01-01')::integer // 365 + 1))
        ] as year_letter
    from fresh
),

summed as (
    select
        modelled.*,
        vin_letter(1, 'L') + vin_letter(2, 'S') + vin_letter(3, 'V')
        + vin_letter(4, model_letters[1]) + vin_letter(5, model_letters[2])
        + digit_sum(code_head, [3, 2, 10])
        + case
            when year_letter between '0' and '9' then year_letter::integer * 9
            else vin_letter(10, year_letter)
        end
        + digit_sum(code_tail, [8, 7, 6, 5, 4, 3, 2]) as check_sum
    from modelled
)

select
    vehicle_seq,
    'LSV' || model_letters || code_head
    || case when check_sum % 11 = 10 then 'X' else (check_sum % 11)::varchar end
    || year_letter || code_tail,
    plate_prefix
    || case when energy_type = 'ice' then '' when energy_type = 'bev' then 'D' else 'F' end
    || '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'[1 + (plate_code % 34)::integer]
    || '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'[1 + (plate_code // 34 % 34)::integer]
    || '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'[1 + (plate_code // 1156 % 34)::integer]
    || '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'[1 + (plate_code // 39304 % 34)::integer]
    || '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'[1 + (plate_code // 1336336 % 34)::integer],
    model_name,
    energy_type
from summed
order by vehicle_seq;
