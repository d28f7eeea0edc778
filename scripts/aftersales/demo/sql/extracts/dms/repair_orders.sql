select
    w_order.repair_order_no, w_order.store_id,
    record_number('V', vehicle_seq) as vehicle_id, dms_customer(person_seq, customer_copy) as customer_id,
    advisor.advisor_id,
    case when has_appointment then 'AP' || order_no end as appointment_id,
    case when has_appointment then 'appointment' else 'walk_in' end as channel,
    order_type, fault.fault_system, pay_type,
    case when package_no is not null then 'PK' || lpad(package_no::varchar, 2, '0') end as package_code,
    at_utc(arrived_s) as arrived_at, at_utc(opened_s) as opened_at, at_utc(promised_s) as promised_at,
    case when not is_cancelled and known(closed_s) then at_utc(closed_s) end as closed_at,
    case
        when is_cancelled then 'cancelled' when known(closed_s) then 'closed' else 'open'
    end as status,
    odometer_km,
    yuan(labour_c) as labour_amount, yuan(part_c) as part_amount, yuan(discount_c) as discount_amount,
    yuan(labour_c + part_c - discount_c) as total_amount,
    entry_channel, at_utc(w_order.created_s) as created_at,
    at_utc(
        case when known(closed_s) then greatest(w_order.created_s, closed_s) else w_order.created_s end
    ) as updated_at,
    order_no as _sort, 0 as _sort_2, w_order.k as _k, w_order.store_id as _store_id,
    w_order.store_id || ':' || w_order.repair_order_no as _key,
    visits_before as _visits_before, case when is_late then 'late_entry' end as _planted
from w_order
inner join advisor
    on w_order.store_no = advisor.store_no and w_order.advisor_index = advisor.advisor_index
left join fault on w_order.fault_no = fault.fault_no
where in_window(w_order.created_s) or in_window(greatest(w_order.created_s, closed_s))
