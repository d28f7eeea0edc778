select
    held.store_key,
    stores.store_name,
    held.business_on,
    held.part_group,
    held.rule_id,
    held.reason_zh,
    held.reason_en,
    held.held_on,
    held.served_version_id,
    served.revenue_amount as served_revenue_amount,
    computed.revenue_amount as computed_revenue_amount
from landing.held_cells as held
left join marts.dim_store as stores on held.store_key = stores.store_key
left join marts.fct_store_day as served
    on held.store_key = served.store_key and held.business_on = served.business_on
left join intermediate.int_store_day_parts as computed
    on held.store_key = computed.store_key and held.business_on = computed.business_on
order by held.business_on desc, held.store_key, held.part_group
