-- Part lines of the batch. A line is filled from the shelf while the store's stock of the cycle
-- (1st to 7th, 8th to 14th, ... of the month) lasts; comebacks of the same month draw on a small reserve.
create or replace temp table m_batch_part as
with counts as (
    select
        orders.*,
        case orders.order_type
            when 'maintenance'
                then 2 + pick(orders.k, 'parts', 4) - (unit(orders.k, 'fewer parts') < 0.1)::integer
            when 'repair' then 1 + pick(orders.k, 'parts', 4)
            when 'body' then 2 + pick(orders.k, 'parts', 3)
            when 'accessories' then 1 + pick(orders.k, 'parts', 2)
            when 'recall' then pick(orders.k, 'parts', 3)
            else 0
        end as line_count
    from m_batch_order as orders
    where not orders.is_cancelled
),

lines as (
    select
        counts.*,
        unnest(range(line_count))::integer as line_index
    from counts
),

keyed as (
    select
        lines.*,
        seeded('part line', lines.order_no::bigint * 16 + lines.line_index) as line_k
    from lines
),

asked as (
    select
        order_no,
        store_no,
        day_no,
        slot,
        getvariable('is_second_batch') = 1 as is_second_batch,
        k,
        line_k,
        pay_type,
        vehicle_value,
        package_no,
        line_index,
        fault_no,
        case
            when order_type in ('body', 'recall', 'pdi') then order_type
            when line_index = 0 or unit(line_k, 'main group') < 0.72 then order_type
            when unit(line_k, 'other group') < 0.40 then 'maintenance'
            when unit(line_k, 'other group') < 0.65 then 'accessories'
            else 'parts_sale'
        end as group_name
    from keyed
),

chosen as (
    select
        asked.*,
        part.part_index,
        part.part_margin,
        part.is_stocked,
        part.list_price_cents * part.price_scale as price_cents,
        case
            when part.part_category = 'fluid' then 1 + pick(line_k, 'quantity', 5)
            when part.part_category in ('brake', 'tyre') then 1 + pick(line_k, 'quantity', 2)
            else 1
        end::bigint as quantity
    from asked
    inner join part
        on
            asked.group_name = part.group_name
            and case when asked.group_name = 'repair' then asked.fault_no else 0 end = part.fault_no
            and (line_k % part.group_size::ubigint)::integer = part.group_rank
),

counted as (
    select
        chosen.*,
        coalesce(
            case when is_second_batch then stock_level.reserve else stock_level.shelf end, 0
        ) as stock,
        sum(quantity) over (
            partition by chosen.store_no, chosen.part_index, (chosen.day_no - getvariable('month_from')) // 7, is_second_batch
            order by chosen.day_no, chosen.slot, chosen.line_index
        ) as asked_so_far
    from chosen
    left join stock_level
        on chosen.store_no = stock_level.store_no and chosen.part_index = stock_level.part_index
),

filled as (
    select
        counted.*,
        case
            when not is_stocked or (has_stock_levels and asked_so_far > stock)
                then case when unit(line_k, 'lost') < 0.07 then 'lost' else 'emergency' end
            else 'shelf'
        end as fill_status
    from counted
    cross join (select count(*) > 0 as has_stock_levels from stock_level) as levels
),

priced as (
    select
        filled.*,
        case
            when fill_status = 'lost' then 0
            else round(
                price_cents * store.price_factor * vehicle_value
                * case when package_no is null then 1 else getvariable('package_uplift') end
                * (0.94 + 0.12 * unit(line_k, 'price'))
            )
        end::bigint as unit_price_c,
        case
            when pay_type in ('customer', 'insurance') and unit(filled.k, 'discount') < 0.45
                then 0.03 + 0.01 * pick(filled.k, 'rebate', 10)
            else 0
        end as rebate
    from filled
    inner join store on filled.store_no = store.store_no
)

select
    order_no,
    store_no,
    day_no,
    line_index,
    line_k,
    group_name,
    part_index,
    pay_type,
    fault_no,
    is_second_batch,
    fill_status,
    quantity,
    unit_price_c,
    unit_price_c * quantity as amount_c,
    round(unit_price_c * quantity * rebate)::bigint as discount_c,
    round(
        (unit_price_c * quantity - round(unit_price_c * quantity * rebate))
        * (1 - part_margin) * (0.93 + 0.14 * unit(line_k, 'cost'))
    )::bigint as cost_c
from priced;
