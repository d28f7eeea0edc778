select
    backlog.*,
    stores.store_name,
    kinds.sentence_zh as bound_zh,
    kinds.sentence_en as bound_en
from marts.fct_defect_backlog as backlog
left join marts.dim_store as stores on backlog.store_key = stores.store_key
left join reference.error_bound_kinds as kinds
    on backlog.bound_kind = kinds.bound_kind and kinds.valid_to is null
where
    (backlog.open_row_count > 0 or backlog.moving_row_count > 0)
    and ($store is null or backlog.store_key = $store)
order by backlog.backlog_rank
