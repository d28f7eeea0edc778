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

gone as (
    {{ deleted_keys(
        'finance.targets', 'stg_finance__targets', ['store_id', 'target_month', 'metric_code']
    ) }}
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
    left join gone
        on
            ranked.store_id = gone.store_id
            and ranked.target_month = gone.target_month
            and ranked.metric_code = gone.metric_code
    where
        ranked.version_rank = 1
        and (gone.deleted_in_batch_id is null or ranked._batch_id > gone.deleted_in_batch_id)
)

select * from final
