with

targets as (
    select * from {{ ref('stg_finance__targets') }}
),

limits as (
    select {{ threshold('wan_factor') }} as wan_factor
),

ranked as (
    select
        *,
        {{ version_rank(['store_id', 'target_month', 'metric_code']) }} as version_rank
    from targets
    where quarantine_rule_id is null
),

final as (
    select
        ranked.store_id as store_key,
        {{ try_cast("ranked.target_month || '-01'", 'date') }} as month_start_on,
        ranked.metric_code,
        cast(
            case
                when ranked.target_unit = 'wan_yuan' then ranked.target_value * limits.wan_factor
                else ranked.target_value
            end as {{ numeric_type(18, 4) }}
        ) as target_value,
        case
            when ranked.target_unit = 'wan_yuan' then 'yuan'
            else ranked.target_unit
        end as target_unit,
        ranked.target_basis
    from ranked
    cross join limits
    where ranked.version_rank = 1
)

select * from final
