{#-
  A forecast of the month is compared to a target for the month, and to nothing else: a target to date
  is another thing, and a sum of both is none.
-#}
with

pace_ranges as (
    select * from {{ ref('int_pace_ranges') }}
    where is_running_month
),

month_paces as (
    select * from {{ ref('int_month_paces') }}
    where is_running_month
),

target_attainment as (
    select * from {{ ref('fct_target_attainment') }}
),

-- Like with like: the forecasts of the stores that have a target.
targeted as (
    select
        month_paces.metric_code,
        month_paces.store_key,
        month_paces.region_name,
        month_paces.month_start_on,
        month_paces.forecast_amount,
        month_paces.naive_pace_amount
    from month_paces
    inner join target_attainment
        on
            month_paces.metric_code = target_attainment.metric_code
            and month_paces.store_key = target_attainment.store_key
            and month_paces.month_start_on = target_attainment.month_start_on
            and target_attainment.scope_kind = 'store'
),

targeted_scopes as (
    {%- for scope in metric_scopes() %}
        select
            '{{ scope.kind }}' as scope_kind,
            {{ scope.key }} as scope_key,
            metric_code,
            month_start_on,
            sum(forecast_amount) as forecast_amount,
            sum(naive_pace_amount) as naive_pace_amount
        from targeted
        group by {{ (scope.grouping + ['metric_code', 'month_start_on']) | join(', ') }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

judged as (
    select
        pace_ranges.*,
        case
            when target_attainment.metric_code is null then 'no_target'
            when target_attainment.target_basis = 'mixed' then 'basis_mixed'
            when target_attainment.target_basis <> 'full_month' then 'basis_to_date'
            else target_attainment.attainment_status
        end as target_status,
        case when target_attainment.target_basis = 'full_month' then 'full_month' end
            as target_basis,
        case
            when target_attainment.target_basis = 'full_month'
                then target_attainment.target_amount
        end as target_amount,
        case
            when target_attainment.target_basis = 'full_month'
                then targeted_scopes.forecast_amount
        end as forecast_with_target_amount,
        case
            when target_attainment.target_basis = 'full_month'
                then targeted_scopes.naive_pace_amount
        end as naive_with_target_amount
    from pace_ranges
    left join target_attainment
        on
            pace_ranges.metric_code = target_attainment.metric_code
            and pace_ranges.scope_kind = target_attainment.scope_kind
            and pace_ranges.scope_key = target_attainment.scope_key
            and pace_ranges.month_start_on = target_attainment.month_start_on
    left join targeted_scopes
        on
            pace_ranges.metric_code = targeted_scopes.metric_code
            and pace_ranges.scope_kind = targeted_scopes.scope_kind
            and pace_ranges.scope_key = targeted_scopes.scope_key
            and pace_ranges.month_start_on = targeted_scopes.month_start_on
),

final as (
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        cutoff_on,
        cast(cutoff_day as {{ dbt.type_int() }}) as elapsed_day_count,
        cast(days_in_month as {{ dbt.type_int() }}) as days_in_month,
        store_count,
        has_history,
        actual_to_date,
        forecast_amount,
        low_amount,
        high_amount,
        range_basis,
        range_ratio,
        range_error_count,
        naive_pace_amount,
        target_basis,
        target_status,
        cast(target_amount as {{ numeric_type(20, 4) }}) as target_amount,
        cast(forecast_with_target_amount as {{ numeric_type(18, 2) }})
            as forecast_with_target_amount,
        cast(naive_with_target_amount as {{ numeric_type(18, 2) }}) as naive_with_target_amount,
        case
            when target_amount is not null
                then {{ metric_value('forecast_with_target_amount', 'target_amount', 1) }}
        end as forecast_attainment_value,
        case
            when target_amount is not null
                then {{ metric_value('naive_with_target_amount', 'target_amount', 1) }}
        end as naive_attainment_value
    from judged
)

select * from final
