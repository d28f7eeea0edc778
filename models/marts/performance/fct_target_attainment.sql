{#-
  A ratio's target is weighed by the metric's own denominator, so that actual and target are both sums
  and attainment is a ratio of sums: 90 over 30 answers and 80 over 10 ask for 87.5 of the region.
-#}
{%- set sums = ['actual_amount', 'weight_amount', 'target_amount', 'target_to_date_amount'] -%}
{%- set others = [
    'metric_code', 'month_start_on', 'covered_to_on', 'is_complete', 'is_provisional',
    'elapsed_day_count', 'days_in_month', 'elapsed_workday_count', 'workdays_in_month',
    'is_plain_sum',
] -%}

with

fct_targets as (
    select * from {{ ref('fct_targets') }}
),

target_metrics as (
    select * from {{ ref('target_metrics') }}
),

metric_periods as (
    select * from {{ ref('fct_metric_periods') }}
    where period_kind = 'month' and scope_kind = 'store'
),

month_paces as (
    select * from {{ ref('int_month_paces') }}
    where is_running_month
),

stores as (
    select * from {{ ref('dim_store') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

months as (
    select
        metric_periods.metric_code,
        metric_periods.period_start_on as month_start_on,
        metric_periods.covered_to_on,
        metric_periods.is_complete,
        metric_periods.elapsed_day_count,
        metric_periods.workday_count as elapsed_workday_count,
        dates.days_in_month,
        dates.workdays_in_month,
        max(case when metric_periods.is_provisional then 1 else 0 end) = 1 as is_provisional,
        max(metric_periods.factor) as factor,
        max(case when metric_periods.denominator is null then 0 else 1 end) = 0 as is_plain_sum
    from metric_periods
    inner join dates on metric_periods.period_start_on = dates.date_on
    group by
        metric_periods.metric_code,
        metric_periods.period_start_on,
        metric_periods.covered_to_on,
        metric_periods.is_complete,
        metric_periods.elapsed_day_count,
        metric_periods.workday_count,
        dates.days_in_month,
        dates.workdays_in_month
),

wanted as (
    select
        target_metrics.metric_code,
        fct_targets.store_key,
        fct_targets.month_start_on,
        fct_targets.target_basis,
        fct_targets.target_value * target_metrics.unit_factor as target_value
    from fct_targets
    inner join target_metrics
        on
            fct_targets.metric_code = target_metrics.target_code
            and fct_targets.month_start_on >= target_metrics.valid_from
            and (
                target_metrics.valid_to is null
                or fct_targets.month_start_on < target_metrics.valid_to
            )
    where target_metrics.revenue_line is null
),

compared as (
    select
        wanted.metric_code,
        wanted.store_key,
        stores.region_name,
        wanted.month_start_on,
        wanted.target_basis,
        wanted.target_value,
        months.covered_to_on,
        months.is_complete,
        months.is_provisional,
        months.elapsed_day_count,
        months.days_in_month,
        months.elapsed_workday_count,
        months.workdays_in_month,
        months.is_plain_sum,
        case when not months.is_plain_sum then coalesce(metric_periods.denominator, 0) end
            as weight_amount,
        months.factor * coalesce(metric_periods.numerator, 0) as actual_amount,
        wanted.target_value
        * case when months.is_plain_sum then 1 else coalesce(metric_periods.denominator, 0) end
            as target_amount,
        -- How much of the month is behind, by the store's profile; by days where it has none.
        case
            when months.is_complete or wanted.target_basis = 'to_date' then 1
            when not months.is_plain_sum then 1
            when month_paces.month_weight > 0
                then
                    cast(month_paces.elapsed_weight as {{ double_type() }})
                    / cast(month_paces.month_weight as {{ double_type() }})
            else cast(months.elapsed_day_count as {{ double_type() }}) / months.days_in_month
        end as time_share
    from wanted
    inner join stores on wanted.store_key = stores.store_key
    inner join months
        on
            wanted.metric_code = months.metric_code
            and wanted.month_start_on = months.month_start_on
    left join metric_periods
        on
            wanted.metric_code = metric_periods.metric_code
            and wanted.store_key = metric_periods.store_key
            and wanted.month_start_on = metric_periods.period_start_on
    left join month_paces
        on
            wanted.metric_code = month_paces.metric_code
            and wanted.store_key = month_paces.store_key
            and wanted.month_start_on = month_paces.month_start_on
),

store_rows as (
    select
        compared.*,
        cast(
            cast(compared.target_amount as {{ double_type() }}) * compared.time_share
            as {{ numeric_type(20, 4) }}
        ) as target_to_date_amount
    from compared
),

-- Targets of stores that are not open yet ask for nothing.
open_stores as (
    select
        months.metric_code,
        months.month_start_on,
        stores.store_key,
        stores.region_name
    from months
    inner join stores on months.covered_to_on >= stores.opened_on
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
            min(target_basis) as first_basis,
            max(target_basis) as last_basis,
            max(target_value) as highest_target_value,
            {%- for name in sums %}
                sum({{ name }}) as {{ name }},
            {%- endfor %}
            count(*) as target_store_count
        from store_rows
        group by {{ (scope.grouping + others) | join(', ') }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

store_counts as (
    {%- for scope in metric_scopes() %}
        select
            '{{ scope.kind }}' as scope_kind,
            {{ scope.key }} as scope_key,
            metric_code,
            month_start_on,
            count(*) as store_count
        from open_stores
        group by {{ (scope.grouping + ['metric_code', 'month_start_on']) | join(', ') }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

-- A target for the whole month and one for its first days have no sum.
judged as (
    select
        scopes.*,
        coalesce(store_counts.store_count, 0) as store_count,
        case
            when scopes.first_basis <> scopes.last_basis then 'basis_mixed'
            when not scopes.is_plain_sum and scopes.weight_amount = 0 then 'no_actual'
            when scopes.target_store_count < coalesce(store_counts.store_count, 0) then 'partial'
            else 'ok'
        end as attainment_status
    from scopes
    left join store_counts
        on
            scopes.scope_kind = store_counts.scope_kind
            and scopes.scope_key = store_counts.scope_key
            and scopes.metric_code = store_counts.metric_code
            and scopes.month_start_on = store_counts.month_start_on
),

refused as (
    select
        *,
        case when attainment_status = 'basis_mixed' then 'mixed' else first_basis end
            as target_basis,
        case when attainment_status <> 'basis_mixed' then target_amount end as whole_target,
        case when attainment_status <> 'basis_mixed' then target_to_date_amount end
            as target_so_far
    from judged
),

final as (
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        covered_to_on,
        is_complete,
        is_provisional,
        target_basis,
        attainment_status,
        cast(store_count as {{ dbt.type_int() }}) as store_count,
        cast(target_store_count as {{ dbt.type_int() }}) as target_store_count,
        cast(elapsed_day_count as {{ dbt.type_int() }}) as elapsed_day_count,
        cast(days_in_month as {{ dbt.type_int() }}) as days_in_month,
        cast(elapsed_workday_count as {{ dbt.type_int() }}) as elapsed_workday_count,
        cast(workdays_in_month as {{ dbt.type_int() }}) as workdays_in_month,
        cast(actual_amount as {{ numeric_type(20, 4) }}) as actual_amount,
        cast(weight_amount as {{ numeric_type(20, 4) }}) as weight_amount,
        cast(whole_target as {{ numeric_type(20, 4) }}) as target_amount,
        cast(target_so_far as {{ numeric_type(20, 4) }}) as target_to_date_amount,
        {{ metric_value('actual_amount', 'weight_amount', 1) }} as actual_value,
        -- The target of one store stands, even where the metric has nothing to weigh it by.
        case
            when scope_kind = 'store' then cast(highest_target_value as {{ numeric_type(20, 6) }})
            when whole_target is not null
                then {{ metric_value('whole_target', 'weight_amount', 1) }}
        end as target_value,
        case
            when whole_target is not null
                then {{ metric_value('actual_amount', 'whole_target', 1) }}
        end as attainment_value,
        case
            when target_so_far is not null
                then {{ metric_value('actual_amount', 'target_so_far', 1) }}
        end as attainment_to_date_value,
        case
            when is_plain_sum then {{ metric_value('actual_amount', 'elapsed_day_count', 1) }}
        end as daily_mean_value
    from refused
)

select * from final
