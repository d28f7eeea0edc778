with

parts as (
    select * from {{ ref('stg_parts__master') }}
),

ranked as (
    select
        *,
        {{ version_rank(['part_no']) }} as version_rank
    from parts
    where quarantine_rule_id is null
),

final as (
    select
        part_no as part_key,
        part_no,
        part_name,
        part_category,
        unit_cost_amount,
        list_price_amount,
        abc_class
    from ranked
    where version_rank = 1
)

select * from final
