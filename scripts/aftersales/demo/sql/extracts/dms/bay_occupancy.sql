select
    'O' || (order_no::bigint * 16 + piece_no) as occupancy_id, bay.bay_id, w_piece.store_id,
    w_piece.repair_order_no,
    case when kind = 'work' then 'productive' else 'blocked' end as occupancy_kind,
    at_utc(from_s) as started_at, at_utc(until_s) as finished_at,
    order_no as _sort, piece_no as _sort_2, seeded('piece', order_no::bigint * 16 + piece_no) as _k,
    w_piece.store_id as _store_id,
    w_piece.store_id || ':O' || (order_no::bigint * 16 + piece_no) as _key,
    follows_at_once as _follows_at_once
from w_piece
inner join bay on w_piece.store_no = bay.store_no and w_piece.bay_index = bay.bay_index
where in_window(greatest(until_s, created_s))
