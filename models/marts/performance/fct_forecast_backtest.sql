with

pace_ranges as (
    select * from {{ ref('int_pace_ranges') }}
    where is_listed and not is_running_month
),

final as (
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        cast(cutoff_day as {{ dbt.type_int() }}) as cutoff_day,
        cutoff_on,
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
        actual_amount,
        cast(forecast_amount - actual_amount as {{ numeric_type(18, 2) }})
            as forecast_error_amount,
        cast(naive_pace_amount - actual_amount as {{ numeric_type(18, 2) }})
            as naive_error_amount,
        {{ round_half_up(
            'abs(cast(forecast_amount - actual_amount as ' ~ double_type() ~ ')) '
            ~ '/ nullif(cast(actual_amount as ' ~ double_type() ~ '), 0)',
            12, 6
        ) }} as forecast_error_ratio,
        {{ round_half_up(
            'abs(cast(naive_pace_amount - actual_amount as ' ~ double_type() ~ ')) '
            ~ '/ nullif(cast(actual_amount as ' ~ double_type() ~ '), 0)',
            12, 6
        ) }} as naive_error_ratio,
        actual_amount >= low_amount and actual_amount <= high_amount as is_in_range
    from pace_ranges
)

select * from final
