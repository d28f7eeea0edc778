-- Each pair and store over the complete months: both sides, months beyond the tolerance, breaks.
select
    pairs.pair_code,
    pairs.pair_order,
    pairs.title_zh,
    pairs.title_en,
    pairs.left_zh,
    pairs.left_en,
    pairs.right_zh,
    pairs.right_en,
    pairs.unit,
    pairs.tolerance_kind,
    pairs.tolerance_value,
    pairs.owner,
    sums.store_key,
    coalesce(stores.store_name, sums.store_key) as store_name,
    count(*) as month_count,
    count(*) filter (where not sums.is_within) as beyond_count,
    sum(sums.left_value) as left_value,
    sum(sums.right_value) as right_value,
    sum(sums.difference_value) as difference_value,
    sum(sums.break_count) as break_count
from marts.fct_reconciliations as sums
inner join reference.reconciliation_pairs as pairs using (pair_code)
left join marts.dim_store as stores using (store_key)
where
    pairs.valid_to is null
    and ($pair is null or sums.pair_code = $pair)
    and ($store is null or sums.store_key = $store)
    and ($month is null or strftime(sums.month_start_on, '%Y-%m') = $month)
group by all
order by pairs.pair_order, sums.store_key
