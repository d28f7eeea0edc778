select
    bounds.metric_code,
    bounds.store_key,
    stores.store_name,
    bounds.region_name,
    bounds.month_start_on,
    bounds.unit,
    bounds.is_complete,
    bounds.is_provisional,
    bounds.metric_value,
    bounds.lowest_value,
    bounds.highest_value,
    bounds.defect_row_count
from marts.fct_metric_error_bounds as bounds
inner join marts.dim_store as stores on bounds.store_key = stores.store_key
where
    bounds.metric_value is not null
    and bounds.month_start_on >= (
        select max(month_start_on) - interval '2 months'
        from marts.fct_metric_error_bounds
        where is_complete
    )
order by bounds.metric_code, bounds.month_start_on desc, bounds.store_key
