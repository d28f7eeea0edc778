{#-
  The revenue tree: a scope's month by line of revenue, with the targets of the lines where finance
  sets any. A line without a target has its share of the whole.
-#}
{%- set sums = [
    'revenue_amount', 'gross_profit_amount', 'revenue_with_target_amount', 'target_amount',
    'parts_target_amount', 'whole_target_amount',
] -%}

with

store_lines as (
    select * from {{ ref('int_store_day_lines') }}
),

fct_targets as (
    select * from {{ ref('fct_targets') }}
),

target_metrics as (
    select * from {{ ref('target_metrics') }}
),

revenue_lines as (
    select * from {{ ref('revenue_lines') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

known_parts as (
    select * from {{ ref('int_known_parts') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select {{ threshold('sub_target_tolerance_ratio') }} as tolerance_ratio
),

titles as (
    select
        revenue_line,
        min(title_zh) as title_zh,
        min(title_en) as title_en
    from revenue_lines
    group by revenue_line
),

months as (
    select
        store_lines.store_key,
        dates.month_start_on,
        coalesce(revenue_lines.revenue_line, 'unassigned') as revenue_line,
        sum(store_lines.revenue_amount) as revenue_amount,
        sum(store_lines.gross_profit_amount) as gross_profit_amount
    from store_lines
    inner join dates on store_lines.business_on = dates.date_on
    left join revenue_lines
        on
            store_lines.service_line = revenue_lines.service_line
            and store_lines.business_on >= revenue_lines.valid_from
            and (
                revenue_lines.valid_to is null
                or store_lines.business_on < revenue_lines.valid_to
            )
    group by
        store_lines.store_key,
        dates.month_start_on,
        coalesce(revenue_lines.revenue_line, 'unassigned')
),

wanted as (
    select
        fct_targets.store_key,
        fct_targets.month_start_on,
        target_metrics.revenue_line,
        fct_targets.target_basis,
        fct_targets.target_value * target_metrics.unit_factor as target_amount
    from fct_targets
    cross join run_context
    inner join target_metrics
        on
            fct_targets.metric_code = target_metrics.target_code
            and fct_targets.month_start_on >= target_metrics.valid_from
            and (
                target_metrics.valid_to is null
                or fct_targets.month_start_on < target_metrics.valid_to
            )
    where
        target_metrics.metric_code = 'revenue'
        and fct_targets.month_start_on <= run_context.as_of_on
),

-- The parts of a store's target, and the whole they are to add up to.
splits as (
    select
        store_key,
        month_start_on,
        sum(case when revenue_line is not null then target_amount else 0 end)
            as parts_target_amount,
        sum(case when revenue_line is null then target_amount else 0 end) as whole_target_amount
    from wanted
    group by store_key, month_start_on
    having count(revenue_line) > 0
),

keys as (
    select
        store_key,
        month_start_on,
        revenue_line
    from months

    union distinct

    select
        store_key,
        month_start_on,
        revenue_line
    from wanted
    where revenue_line is not null
),

store_rows as (
    select
        keys.store_key,
        stores.region_name,
        keys.month_start_on,
        keys.revenue_line,
        wanted.target_basis,
        coalesce(months.revenue_amount, 0) as revenue_amount,
        case
            when known_parts.knows_gross_profit_amount
                then coalesce(months.gross_profit_amount, 0)
        end as gross_profit_amount,
        case when wanted.target_amount is not null then coalesce(months.revenue_amount, 0) end
            as revenue_with_target_amount,
        wanted.target_amount,
        splits.parts_target_amount,
        splits.whole_target_amount
    from keys
    inner join stores on keys.store_key = stores.store_key
    inner join known_parts on keys.store_key = known_parts.store_key
    left join months
        on
            keys.store_key = months.store_key
            and keys.month_start_on = months.month_start_on
            and keys.revenue_line = months.revenue_line
    left join wanted
        on
            keys.store_key = wanted.store_key
            and keys.month_start_on = wanted.month_start_on
            and keys.revenue_line = wanted.revenue_line
    left join splits
        on
            keys.store_key = splits.store_key
            and keys.month_start_on = splits.month_start_on
),

scopes as (
    {%- for scope in metric_scopes() %}
        select
            '{{ scope.kind }}' as scope_kind,
            {{ scope.key }} as scope_key,
            {{ scope.store }} as store_key,
            {{ scope.region }} as region_name,
            month_start_on,
            revenue_line,
            {%- for name in sums %}
                sum({{ name }}) as {{ name }},
            {%- endfor %}
            min(target_basis) as first_basis,
            max(target_basis) as last_basis
        from store_rows
        group by {{ (scope.grouping + ['month_start_on', 'revenue_line']) | join(', ') }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

-- A store without one of the lines still counts in the whole that lines are shares of.
whole as (
    select
        scope_kind,
        scope_key,
        month_start_on,
        sum(revenue_amount) as scope_revenue_amount
    from scopes
    group by scope_kind, scope_key, month_start_on
),

judged as (
    select
        scopes.*,
        whole.scope_revenue_amount as month_revenue_amount,
        case
            when scopes.target_amount is null then 'no_target'
            when scopes.first_basis <> scopes.last_basis then 'basis_mixed'
            when
                abs(scopes.parts_target_amount - scopes.whole_target_amount)
                > scopes.whole_target_amount * limits.tolerance_ratio
                then 'parts_differ'
            else 'ok'
        end as target_status
    from scopes
    cross join limits
    inner join whole
        on
            scopes.scope_kind = whole.scope_kind
            and scopes.scope_key = whole.scope_key
            and scopes.month_start_on = whole.month_start_on
),

final as (
    select
        judged.scope_kind,
        judged.scope_key,
        judged.store_key,
        judged.region_name,
        judged.month_start_on,
        judged.revenue_line,
        coalesce(titles.title_zh, '未归类') as revenue_line_zh,
        coalesce(titles.title_en, 'Unassigned') as revenue_line_en,
        cast(judged.revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(judged.gross_profit_amount as {{ numeric_type(18, 2) }}) as gross_profit_amount,
        cast(judged.month_revenue_amount as {{ numeric_type(18, 2) }}) as scope_revenue_amount,
        judged.target_status,
        case when judged.first_basis = judged.last_basis then judged.first_basis end
            as target_basis,
        case
            when judged.target_status <> 'basis_mixed'
                then cast(judged.target_amount as {{ numeric_type(20, 4) }})
        end as target_amount,
        cast(judged.revenue_with_target_amount as {{ numeric_type(18, 2) }})
            as revenue_with_target_amount,
        cast(judged.parts_target_amount as {{ numeric_type(20, 4) }}) as parts_target_amount,
        cast(judged.whole_target_amount as {{ numeric_type(20, 4) }}) as whole_target_amount,
        case
            when judged.target_amount is not null and judged.target_status <> 'basis_mixed'
                then {{ metric_value(
                    'judged.revenue_with_target_amount', 'judged.target_amount', 1
                ) }}
        end as attainment_value
    from judged
    left join titles on judged.revenue_line = titles.revenue_line
)

select * from final
