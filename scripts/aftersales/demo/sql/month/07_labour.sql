-- Labour lines: who did each job, its price and its cost.
create or replace temp table m_labour as
with staffed as (
    select
        orders.order_no,
        orders.store_no,
        orders.day_no,
        orders.k,
        orders.pay_type,
        orders.vehicle_value,
        orders.package_no,
        m_job.line_index,
        m_job.line_k,
        m_job.hours_sold,
        service_item.item_no,
        service_item.labour_margin,
        service_item.price_scale,
        m_roster.technician_no,
        m_roster.skill_no
    from m_order as orders
    inner join m_job on orders.order_no = m_job.order_no
    inner join service_item on m_job.item_no = service_item.item_no
    inner join m_roster
        on
            orders.store_no = m_roster.store_no
            and orders.day_no = m_roster.day_no
            and (
                orders.bay_index + orders.bay_offset
                + (m_job.line_index > 0 and unit(m_job.line_k, 'colleague') < 0.15)::integer
            ) % m_roster.present_count = m_roster.place
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
        (amount_c - round(amount_c * rebate)) * (1 - labour_margin) * (0.93 + 0.14 * unit(line_k, 'cost'))
    )::bigint as cost_c
from priced;
