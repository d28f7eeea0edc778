{#-
  Comparisons of months with a value on both sides that no members explain, with the reason: something
  is held in one of the two months, so that single records do not make up what is served, or only some
  stores of the scope can know the metric, so that there is no whole. fct_metric_contributions leaves them
  out.
-#}
with

metric_comparisons as (
    select * from {{ ref('int_metric_comparisons') }}
    where
        period_kind = 'month'
        and total_base_numerator is not null
        and (total_base_denominator is null or total_base_denominator <> 0)
        and (total_current_denominator is null or total_current_denominator <> 0)
),

held_cells as (
    select * from {{ source('control', 'held_cells') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

availability as (
    select * from {{ ref('fct_metric_availability') }}
    where availability <> 'available'
),

store_cells as (
    select
        held_cells.store_key,
        stores.region_name,
        held_cells.business_on,
        held_cells.part_group,
        held_cells.reason_zh,
        held_cells.reason_en,
        dates.month_start_on
    from held_cells
    inner join stores on held_cells.store_key = stores.store_key
    inner join dates on held_cells.business_on = dates.date_on
),

scope_cells as (
    {%- for scope in metric_scopes() %}
        select
            '{{ scope.kind }}' as scope_kind,
            {{ scope.key }} as scope_key,
            store_key,
            business_on,
            part_group,
            reason_zh,
            reason_en,
            month_start_on
        from store_cells
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

ranked_cells as (
    select
        *,
        row_number() over (
            partition by scope_kind, scope_key, month_start_on
            order by business_on, store_key, part_group
        ) as cell_rank,
        count(*) over (partition by scope_kind, scope_key, month_start_on) as cell_count
    from scope_cells
),

held_months as (
    select
        scope_kind,
        scope_key,
        month_start_on,
        {{ year_month('month_start_on') }} || ' 有 '
        || cast(cell_count as {{ dbt.type_string() }}) || ' 个暂缓发布的单元，首个为 ' || store_key
        || ' ' || cast(business_on as {{ dbt.type_string() }}) || '：' || reason_zh as reason_zh,
        {{ year_month('month_start_on') }} || ' has '
        || cast(cell_count as {{ dbt.type_string() }}) || ' held cells, the first '
        || store_key || ' on ' || cast(business_on as {{ dbt.type_string() }}) || ': ' || reason_en
            as reason_en
    from ranked_cells
    where cell_rank = 1
),

final as (
    select
        metric_comparisons.metric_code,
        metric_comparisons.scope_kind,
        metric_comparisons.scope_key,
        metric_comparisons.store_key,
        metric_comparisons.region_name,
        metric_comparisons.period_start_on as month_start_on,
        metric_comparisons.comparison,
        metric_comparisons.is_complete,
        metric_comparisons.is_provisional,
        {{ metric_value(
            'metric_comparisons.total_base_numerator',
            'metric_comparisons.total_base_denominator',
            'metric_comparisons.factor'
        ) }} as base_value,
        {{ metric_value(
            'metric_comparisons.total_current_numerator',
            'metric_comparisons.total_current_denominator',
            'metric_comparisons.factor'
        ) }} as current_value,
        {%- for language in ['zh', 'en'] %}
            coalesce(
                held_months.reason_{{ language }},
                held_bases.reason_{{ language }},
                not_fully_known.reason_{{ language }},
                bases_not_fully_known.reason_{{ language }}
            ) as reason_{{ language }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from metric_comparisons
    left join held_months
        on
            metric_comparisons.scope_kind = held_months.scope_kind
            and metric_comparisons.scope_key = held_months.scope_key
            and metric_comparisons.period_start_on = held_months.month_start_on
    left join held_months as held_bases
        on
            metric_comparisons.base_scope_kind = held_bases.scope_kind
            and metric_comparisons.base_scope_key = held_bases.scope_key
            and metric_comparisons.base_start_on = held_bases.month_start_on
    left join availability as not_fully_known
        on
            metric_comparisons.metric_code = not_fully_known.metric_code
            and metric_comparisons.scope_kind = not_fully_known.scope_kind
            and metric_comparisons.scope_key = not_fully_known.scope_key
    left join availability as bases_not_fully_known
        on
            metric_comparisons.metric_code = bases_not_fully_known.metric_code
            and metric_comparisons.base_scope_kind = bases_not_fully_known.scope_kind
            and metric_comparisons.base_scope_key = bases_not_fully_known.scope_key
    where
        held_months.scope_key is not null
        or held_bases.scope_key is not null
        or not_fully_known.metric_code is not null
        or bases_not_fully_known.metric_code is not null
)

select * from final
