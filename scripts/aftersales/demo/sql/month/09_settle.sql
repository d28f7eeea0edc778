-- Wall-clock times, amounts and the moments the DMS learns of each order.
create or replace temp table m_settled as
with amounts as (
    select
        order_no,
        sum(labour_c)::bigint as labour_c,
        sum(part_c)::bigint as part_c,
        sum(discount_c)::bigint as discount_c
    from (
        select order_no, amount_c as labour_c, 0 as part_c, discount_c from m_labour
        union all
        select order_no, 0, amount_c, discount_c from m_part
    ) as line_amounts
    group by order_no
),

walled as (
    select
        m_work.order_no,
        m_work.opened_s,
        m_work.work_w,
        m_work.approval_w,
        m_work.parts_w,
        m_work.waits_days,
        m_work.technician_no,
        wall(open_first.day_no, first_stay.start_w) as bay_entered_s,
        wall_end(open_first_end.day_no, first_stay.start_w + first_stay.stay_w) as first_end_s,
        wall(open_return.day_no, return_stay.start_w) as return_s,
        wall_end(open_return_end.day_no, return_stay.start_w + return_stay.stay_w) as return_end_s
    from m_work
    inner join m_stay as first_stay on m_work.order_no = first_stay.order_no and first_stay.leg = 1
    left join m_stay as return_stay on m_work.order_no = return_stay.order_no and return_stay.leg = 2
    inner join open_day as open_first on first_stay.start_w // workday() = open_first.open_index
    inner join open_day as open_first_end
        on (first_stay.start_w + first_stay.stay_w - 1) // workday() = open_first_end.open_index
    left join open_day as open_return on return_stay.start_w // workday() = open_return.open_index
    left join open_day as open_return_end
        on (return_stay.start_w + return_stay.stay_w - 1) // workday() = open_return_end.open_index
),

finished as (
    select
        orders.*,
        walled.* exclude (order_no, opened_s),
        m_wait.* exclude (order_no),
        coalesce(walled.opened_s, orders.arrived_s + 300 + pick(orders.k, 'write-up', 600)) as opened_s,
        coalesce(walled.return_end_s, walled.first_end_s) as finished_s,
        unit(orders.k, 'qc') < 0.03 as has_failed_qc,
        missing_day.day_no is not null as is_suppressed,
        is_late_order(orders.k) as is_late,
        store_day.k as store_day_k,
        store_day.csi_mean
    from m_order as orders
    left join walled on orders.order_no = walled.order_no
    left join m_wait on orders.order_no = m_wait.order_no
    inner join store_day on orders.store_no = store_day.store_no and orders.day_no = store_day.day_no
    left join missing_day
        on orders.store_no = missing_day.store_no and orders.day_no = missing_day.day_no
),

delivered as (
    select
        finished.*,
        finished_s + 240 + pick(k, 'qc takes', 600) as qc_failed_s,
        finished_s + 240 + pick(k, 'qc takes', 600)
        + case when has_failed_qc then 900 + pick(k, 'qc again', 1500) else 0 end as qc_passed_s
    from finished
),

closed as (
    select
        delivered.*,
        (qc_passed_s + 420 + pick(k, 'hand-over', 1500) * greatest(0.8, load) * pace)::integer as closed_s
    from delivered
)

select
    closed.*,
    store_number(closed.store_no) as store_id,
    order_number(closed.day_no, closed.slot) as repair_order_no,
    pick(closed.k, 'advisor', advisors.advisor_count) as advisor_index,
    coalesce(amounts.labour_c, 0) as labour_c,
    coalesce(amounts.part_c, 0) as part_c,
    coalesce(amounts.discount_c, 0) as discount_c,
    case
        when not is_keyed_again(closed.owner_k) then 0
        else pick(
            closed.k,
            'which record',
            1 + (keyed_again_s(closed.owner_k, closed.owner_created_s, 1) < closed.arrived_s)::integer
            + (keyed_again_s(closed.owner_k, closed.owner_created_s, 2) < closed.arrived_s)::integer
        )
    end as customer_copy,
    -- the first promise: the work, a buffer, on the quarter of an hour
    (
        (
            closed.opened_s + 5400
            + coalesce(closed.work_w, 3600) * 1.25
            + case when closed.waits_days then 5400 else 0 end
        )::integer // 900 + 1
    ) * 900 as promised_s,
    case
        when is_late
            then closed.opened_s + (2 + pick(k, 'days late', 8)) * 86400 + pick(k, 'keyed', 3600)
        when entry_channel = 'paper'
            then closed.opened_s + 1800 + pick(k, 'keyed', 10800)
        else closed.opened_s + 20 + pick(k, 'keyed', 100)
    end::integer as created_s,
    -- the customer's wait in the house before, during and after the work, in seconds
    case when closed.bay_entered_s is not null then
        (closed.opened_s - closed.arrived_s)
        + (closed.bay_entered_s - closed.opened_s)
        + coalesce(closed.approval_w, 0)
        + coalesce(closed.parts_w, 0)
        + (closed.closed_s - closed.qc_passed_s)
    end as waited_s
from closed
inner join (
    select store_no, count(*) as advisor_count from advisor group by store_no
) as advisors on closed.store_no = advisors.store_no
left join amounts on closed.order_no = amounts.order_no;

create table if not exists w_order as select * from m_settled limit 0;
insert into w_order select * from m_settled where not is_suppressed;

create table if not exists w_labour as select m_labour.*, '' as store_id, '' as repair_order_no, 0 as created_s from m_labour limit 0;
insert into w_labour
select m_labour.*, m_settled.store_id, m_settled.repair_order_no, m_settled.created_s + 15
from m_labour
inner join m_settled on m_labour.order_no = m_settled.order_no and not m_settled.is_suppressed;

create table if not exists w_part as
select m_part.*, '' as store_id, '' as repair_order_no, 0 as created_s, false as is_suppressed, 0 as moved_s from m_part limit 0;
insert into w_part
select
    m_part.*,
    m_settled.store_id,
    m_settled.repair_order_no,
    m_settled.created_s + 15,
    m_settled.is_suppressed,
    case
        when m_part.fill_status = 'shelf' then m_settled.opened_s + 300
        when m_settled.waits_days then m_settled.return_s - 300
        else m_settled.parts_ended_s - 60
    end
from m_part
inner join m_settled on m_part.order_no = m_settled.order_no;

create table if not exists w_piece as select m_piece.*, '' as store_id, '' as repair_order_no, 0 as created_s from m_piece limit 0;
insert into w_piece
select m_piece.*, m_settled.store_id, m_settled.repair_order_no, m_settled.created_s
from m_piece
inner join m_settled on m_piece.order_no = m_settled.order_no and not m_settled.is_suppressed;

-- what the answer key needs of every repair
create table if not exists repair_fact as
select
    order_no, vehicle_seq, fault_no, technician_no, opened_s, closed_s, created_s, is_suppressed
from m_settled limit 0;

insert into repair_fact
select
    order_no, vehicle_seq, fault_no, technician_no, opened_s, closed_s, created_s, is_suppressed
from m_settled
where order_type = 'repair' and not is_cancelled;
