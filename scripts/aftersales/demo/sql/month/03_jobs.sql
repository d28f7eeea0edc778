-- Jobs of each order (the main operation first, then what was found or sold beside it) and its bay.
create or replace temp table m_batch_job as
with counts as (
    select
        orders.*,
        case
            when orders.order_type in ('recall', 'pdi') then 1
            when orders.order_type = 'body' then 1 + (unit(orders.k, 'jobs') < 0.35)::integer
            when unit(orders.k, 'jobs') < 0.16 then 3
            when unit(orders.k, 'jobs') < 0.50 then 2
            else 1
        end as job_count
    from m_batch_fact as orders
    where not orders.is_cancelled
),

lines as (
    select
        counts.order_no,
        counts.k,
        counts.fault_no,
        counts.order_type,
        unnest(range(job_count))::integer as line_index
    from counts
),

keyed as (
    select
        lines.*,
        seeded('labour line', lines.order_no::bigint * 16 + lines.line_index) as line_k
    from lines
),

asked as (
    select
        keyed.*,
        case
            when order_type in ('body', 'recall', 'pdi') or line_index = 0 then order_type
            when unit(line_k, 'other group') < 0.34 then 'maintenance'
            when unit(line_k, 'other group') < 0.62 then 'accessories'
            when unit(line_k, 'other group') < 0.93 then 'parts_sale'
            else 'insurance'
        end as group_name
    from keyed
)

select
    asked.order_no,
    asked.k,
    asked.line_index,
    asked.line_k,
    service_item.item_no,
    greatest(
        round(service_item.standard_hours * (0.85 + 0.3 * unit(asked.line_k, 'hours')), 1), 0.1
    ) as hours_sold
from asked
inner join service_item
    on
        asked.group_name = service_item.group_name
        and case when asked.group_name = 'repair' then asked.fault_no else 0 end = service_item.fault_no
        and (asked.line_k % service_item.group_size::ubigint)::integer = service_item.group_rank;

-- The dispatcher deals the day's vehicles in rounds, one to each bay, the long jobs first in one
-- round and last in the next, so that no bay is left with all the work.
create or replace temp table m_batch_order as
with planned as (
    select order_no, sum(hours_sold::decimal(8, 2)) as planned_hours
    from m_batch_job
    group by order_no
),

ranked as (
    select
        m_batch_fact.*,
        coalesce(planned.planned_hours, 0) as planned_hours,
        (
            row_number() over (
                partition by store_no, day_no, is_cancelled order by arrived_s, m_batch_fact.order_no
            ) - 1
        ) // bay_count as deal
    from m_batch_fact
    left join planned on m_batch_fact.order_no = planned.order_no
),

dealt as (
    select
        ranked.*,
        (
            row_number() over (
                partition by store_no, day_no, is_cancelled, deal order by planned_hours desc, order_no
            ) - 1
        ) as place
    from ranked
)

select
    * exclude (deal, place),
    case
        when getvariable('is_second_batch') = 1 then pick(k, 'bay', bay_count)
        when deal % 2 = 0 then ((place + bay_offset) % bay_count)::integer
        else ((bay_count - 1 - place + bay_offset) % bay_count)::integer
    end as bay_index
from dealt;
