-- The records that keep two sides apart, the largest difference first.
select
    breaks.pair_code,
    breaks.store_key,
    coalesce(stores.store_name, breaks.store_key) as store_name,
    breaks.month_start_on,
    breaks.business_on,
    breaks.record_name,
    breaks.left_value,
    breaks.right_value,
    breaks.difference_value,
    breaks.counterpart_on,
    reasons.title_zh as reason_zh,
    reasons.title_en as reason_en,
    count(*) over () as listed_count
from marts.fct_reconciliation_breaks as breaks
left join reference.reconciliation_reasons as reasons using (reason_code)
left join marts.dim_store as stores using (store_key)
where
    ($pair is null or breaks.pair_code = $pair)
    and ($store is null or breaks.store_key = $store)
    and ($month is null or strftime(breaks.month_start_on, '%Y-%m') = $month)
order by
    breaks.pair_code,
    greatest(abs(breaks.difference_value), abs(breaks.left_value)) desc,
    breaks.record_key
limit $limit
