{{ config(meta={'rule_id': 'cost_line_store_unknown'}) }}
-- Every cost line of the ledger belongs to a store of the store master.
-- Its cost would burden nobody.
-- Not judged: shared cost centres, which are no stores; staging keeps the unknown ones out.

with

fct_cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
),

dim_store as (
    select * from {{ ref('dim_store') }}
),

final as (
    select
        fct_cost_lines.store_key as store_id,
        fct_cost_lines.month_start_on as business_on,
        fct_cost_lines.cost_line_key as row_key,
        'store ' || fct_cost_lines.store_key || ' is unknown' as detail
    from fct_cost_lines
    left join dim_store on fct_cost_lines.store_key = dim_store.store_key
    where fct_cost_lines.cost_centre_code is null and dim_store.store_key is null
)

select * from final
