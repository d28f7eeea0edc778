select
    part_no, part_name, part_category, yuan(unit_cost_cents) as unit_cost_amount,
    yuan(list_price_cents) as list_price_amount, abc_class,
    timestamp '2022-01-01 00:00:00' as updated_at,
    part_index as _sort, 0 as _sort_2, seeded('part', part_index) as _k,
    null::varchar as _store_id, part_no as _key
from part
