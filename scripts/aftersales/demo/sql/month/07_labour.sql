-- Labour lines: the main operation first, then what was found or sold beside it.
create or replace temp table m_labour as
with asked as (
    select
        orders.order_no,
        orders.store_no,
        orders.day_no,
        orders.k,
        orders.pay_type,
        orders.vehicle_value,
        orders.package_no,
        orders.fault_no,
        orders.bay_index + orders.bay_offset as staff_place,
        line.range::integer as line_index,
        case
            when orders.order_type in ('body', 'recall', 'pdi') then orders.order_type
            when line.range = 0 then orders.order_type
            when unit(orders.k, 'extra job' || line.range) < 0.34 then 'maintenance'
            when unit(orders.k, 'extra job' || line.range) < 0.62 then 'accessories'
            when unit(orders.k, 'extra job' || line.range) < 0.93 then 'parts_sale'
            else 'insurance'
        end as group_name,
        seeded('labour line', orders.order_no::bigint * 16 + line.range) as line_k
    from m_order as orders
    cross join range(0, 3) as line
    where
        not orders.is_cancelled
        and line.range < case
            when orders.order_type in ('recall', 'pdi') then 1
            when orders.order_type = 'body' then 1 + (unit(orders.k, 'jobs') < 0.35)::integer
            when unit(orders.k, 'jobs') < 0.16 then 3
            when unit(orders.k, 'jobs') < 0.50 then 2
            else 1
        end
),

staffed as (
    select
        asked.*,
        service_item.item_no,
        service_item.margin,
        service_item.price_scale,
        service_item.standard_hours,
        m_roster.technician_no,
        m_roster.skill_no,
        greatest(
            round(service_item.standard_hours * (0.85 + 0.3 * unit(line_k, 'hours')), 1), 0.1
        ) as hours_sold
    from asked
    inner join service_item
        on
            asked.group_name = service_item.group_name
            and case when asked.group_name = 'repair' then asked.fault_no else 0 end
            = service_item.fault_no
            and (asked.line_k % service_item.group_size::ubigint)::integer = service_item.group_rank
    inner join m_roster
        on
            asked.store_no = m_roster.store_no
            and asked.day_no = m_roster.day_no
            and (asked.staff_place + (asked.line_index > 0 and unit(line_k, 'colleague') < 0.15)::integer)
            % m_roster.present_count = m_roster.place
),

priced as (
    select
        staffed.*,
        round(
            hours_sold * 42000 * price_scale * store.price_factor * vehicle_value
            * case when package_no is null then 1 else getvariable('package_uplift') end
        )::bigint as amount_c,
        case
            when pay_type in ('customer', 'insurance') and unit(staffed.k, 'discount') < 0.45
                then 0.03 + 0.01 * pick(staffed.k, 'rebate', 10)
            else 0
        end as rebate
    from staffed
    inner join store on staffed.store_no = store.store_no
)

select
    order_no,
    store_no,
    day_no,
    line_index,
    line_k,
    item_no,
    technician_no,
    skill_no,
    pay_type,
    hours_sold,
    amount_c,
    round(amount_c * rebate)::bigint as discount_c,
    round(
        (amount_c - round(amount_c * rebate)) * (0.86 - margin) * (0.93 + 0.14 * unit(line_k, 'cost'))
    )::bigint as cost_c
from priced;
