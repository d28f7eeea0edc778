{#-
  Forecasts by store, region and network (a region is the sum of its stores), each with the share it
  was missed by at the same day of earlier months: the error that four of five past ones stay within.
  Errors are the scope's own; where they are few, those of all scopes of its kind are pooled.
-#}
{%- set sums = [
    'actual_to_date', 'forecast_amount', 'naive_pace_amount',
    'actual_amount',
] -%}
{%- set others = [
    'metric_code', 'month_start_on', 'cutoff_on', 'cutoff_day', 'days_in_month', 'is_listed',
    'is_running_month',
] -%}

with

month_paces as (
    select * from {{ ref('int_month_paces') }}
),

limits as (
    select
        {{ threshold('forecast_range_share') }} as range_share,
        cast({{ threshold('forecast_error_months') }} as {{ dbt.type_int() }}) as error_months,
        {{ threshold('forecast_min_own_errors') }} as min_own_errors
),

scopes as (
    {%- for scope in metric_scopes() %}
        select
            '{{ scope.kind }}' as scope_kind,
            {{ scope.key }} as scope_key,
            {{ scope.store }} as store_key,
            {{ scope.region }} as region_name,
            {%- for name in others %}
                {{ name }},
            {%- endfor %}
            min(case when has_history then 1 else 0 end) = 1 as has_history,
            {%- for name in sums %}
                sum({{ name }}) as {{ name }},
            {%- endfor %}
            count(*) as store_count
        from month_paces
        group by {{ (scope.grouping + others) | join(', ') }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

numbered as (
    select
        *,
        {{ month_number('month_start_on') }} as month_no
    from scopes
),

errors as (
    select
        metric_code,
        scope_kind,
        scope_key,
        cutoff_day,
        month_no,
        {{ round_half_up(
            'abs(cast(actual_amount - forecast_amount as ' ~ double_type() ~ ')) '
            ~ '/ cast(forecast_amount as ' ~ double_type() ~ ')',
            12, 6
        ) }} as error_ratio
    from numbered
    where has_history and not is_running_month and forecast_amount > 0
),

-- The n past errors and the one to come are equally likely to be the largest: the range that shall
-- hold a share of n + 1 outcomes ends at the error of that rank.
own_errors as (
    select
        numbered.metric_code,
        numbered.scope_kind,
        numbered.scope_key,
        numbered.cutoff_day,
        numbered.month_no,
        count(*) as error_count,
        {{ nth_smallest(
            'errors.error_ratio', 'ceil(max(limits.range_share) * (count(*) + 1))'
        ) }} as error_ratio
    from numbered
    cross join limits
    inner join errors
        on
            numbered.metric_code = errors.metric_code
            and numbered.scope_kind = errors.scope_kind
            and numbered.scope_key = errors.scope_key
            and numbered.cutoff_day = errors.cutoff_day
            and numbered.month_no > errors.month_no
            and numbered.month_no - limits.error_months <= errors.month_no
    group by
        numbered.metric_code,
        numbered.scope_kind,
        numbered.scope_key,
        numbered.cutoff_day,
        numbered.month_no
),

own as (
    select own_errors.*
    from own_errors
    cross join limits
    where own_errors.error_count >= limits.min_own_errors
),

targets as (
    select distinct
        metric_code,
        scope_kind,
        cutoff_day,
        month_no
    from numbered
),

pooled as (
    select
        targets.metric_code,
        targets.scope_kind,
        targets.cutoff_day,
        targets.month_no,
        count(*) as error_count,
        {{ nth_smallest(
            'errors.error_ratio', 'ceil(max(limits.range_share) * (count(*) + 1))'
        ) }} as error_ratio
    from targets
    cross join limits
    inner join errors
        on
            targets.metric_code = errors.metric_code
            and targets.scope_kind = errors.scope_kind
            and targets.cutoff_day = errors.cutoff_day
            and targets.month_no > errors.month_no
            and targets.month_no - limits.error_months <= errors.month_no
    group by targets.metric_code, targets.scope_kind, targets.cutoff_day, targets.month_no
),

ranged as (
    select
        numbered.*,
        case
            when numbered.cutoff_day = numbered.days_in_month then 'complete'
            when own.error_ratio is not null then 'own'
            when pooled.error_ratio is not null then 'pooled'
            else 'none'
        end as range_basis,
        case
            when numbered.cutoff_day = numbered.days_in_month then 0
            else coalesce(own.error_ratio, pooled.error_ratio)
        end as range_ratio,
        case
            when numbered.cutoff_day = numbered.days_in_month then 0
            when own.error_ratio is not null then own.error_count
            else coalesce(pooled.error_count, 0)
        end as range_error_count
    from numbered
    left join own
        on
            numbered.metric_code = own.metric_code
            and numbered.scope_kind = own.scope_kind
            and numbered.scope_key = own.scope_key
            and numbered.cutoff_day = own.cutoff_day
            and numbered.month_no = own.month_no
    left join pooled
        on
            numbered.metric_code = pooled.metric_code
            and numbered.scope_kind = pooled.scope_kind
            and numbered.cutoff_day = pooled.cutoff_day
            and numbered.month_no = pooled.month_no
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
        cutoff_day,
        days_in_month,
        is_listed,
        is_running_month,
        has_history,
        cast(store_count as {{ dbt.type_int() }}) as store_count,
        cast(actual_to_date as {{ numeric_type(18, 2) }}) as actual_to_date,
        cast(forecast_amount as {{ numeric_type(18, 2) }}) as forecast_amount,
        -- Some engines leave NULL out of a greatest.
        case
            when range_ratio is not null
                then
                    cast(
                        greatest(
                            actual_to_date,
                            forecast_amount * (1 - cast(range_ratio as {{ numeric_type(12, 6) }}))
                        ) as {{ numeric_type(18, 2) }}
                    )
        end as low_amount,
        cast(
            forecast_amount * (1 + cast(range_ratio as {{ numeric_type(12, 6) }}))
            as {{ numeric_type(18, 2) }}
        ) as high_amount,
        cast(naive_pace_amount as {{ numeric_type(18, 2) }}) as naive_pace_amount,
        cast(actual_amount as {{ numeric_type(18, 2) }}) as actual_amount,
        range_basis,
        cast(range_ratio as {{ numeric_type(12, 6) }}) as range_ratio,
        cast(range_error_count as {{ dbt.type_int() }}) as range_error_count
    from ranged
)

select * from final
