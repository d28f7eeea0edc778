with moved as (
    select
        w_part.order_no::bigint * 16 + w_part.line_index * 2 + side.range as number,
        w_part.store_id,
        w_part.part_index,
        case when side.range = 0 then 'issue' else 'emergency_purchase' end as movement_kind,
        case when side.range = 0 then -w_part.quantity else w_part.quantity end as quantity,
        w_part.repair_order_no,
        w_part.moved_s - side.range * 60 as moved_s,
        1 as source_no
    from w_part
    cross join range(0, 2) as side
    where
        (w_part.fill_status = 'shelf' and side.range = 0)
        or w_part.fill_status = 'emergency'
    union all
    select
        (store_no * 10000::bigint + day_no) * 100 + part_index,
        store_number(store_no),
        part_index,
        kind,
        quantity,
        null,
        day_no * 86400 + 27000,
        0
    from w_receipt
)

select
    case when source_no = 0 then 'R' else 'I' end || number as movement_id, moved.store_id, part.part_no,
    moved.movement_kind, moved.quantity::decimal(10, 2) as quantity,
    yuan(part.unit_cost_cents) as unit_cost_amount, moved.repair_order_no, at_utc(moved.moved_s) as moved_at,
    source_no as _sort, number as _sort_2, seeded('movement' || source_no, number) as _k,
    moved.store_id as _store_id,
    moved.store_id || ':' || case when source_no = 0 then 'R' else 'I' end || number as _key
from moved
inner join part on moved.part_index = part.part_index
where in_window(moved.moved_s)
