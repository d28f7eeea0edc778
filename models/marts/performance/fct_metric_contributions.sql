{#- What each member of a dimension added to the change of a metric: against the month before, the
    same month a year earlier and, for a store, against its region. Every step works on sums; the
    formula stands in the macro decomposed_members. -#}
{%- set sides = ['base', 'current'] -%}

with

metric_periods as (
    select * from {{ ref('fct_metric_periods') }}
),

metric_members as (
    select * from {{ ref('fct_metric_members') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

dimensions as (
    select * from {{ ref('explain_dimensions') }}
    where valid_to is null
),

member_titles as (
    select * from {{ ref('int_member_titles') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('contribution_months') }} as {{ dbt.type_int() }}) as month_count
),

months as (
    select
        metric_periods.*,
        periods.previous_start_on,
        periods.last_year_start_on
    from metric_periods
    inner join periods
        on
            metric_periods.period_kind = periods.period_kind
            and metric_periods.period_start_on = periods.period_start_on
    cross join run_context
    cross join limits
    where
        metric_periods.period_kind = 'month'
        and {{ month_number('metric_periods.period_start_on') }}
        > {{ month_number('run_context.as_of_on') }} - limits.month_count
),

store_counts as (
    select
        region_name,
        period_start_on,
        count(distinct store_key) as store_count
    from months
    where scope_kind = 'store'
    group by region_name, period_start_on
),

all_comparisons as (
    {%- for comparison in ['previous', 'last_year'] %}
        select
            metric_code,
            scope_kind,
            scope_key,
            store_key,
            region_name,
            period_start_on as month_start_on,
            '{{ comparison }}' as comparison,
            is_complete,
            is_provisional,
            factor,
            scope_kind as base_scope_kind,
            scope_key as base_scope_key,
            {{ comparison }}_start_on as base_month_start_on,
            case when is_complete then 'whole' else 'to_date' end as base_part,
            1 as base_store_count,
            numerator as total_current_numerator,
            denominator as total_current_denominator,
            {{ comparison }}_numerator as total_base_numerator,
            {{ comparison }}_denominator as total_base_denominator
        from months

        union all
    {% endfor %}
    -- A store's sum is compared with the mean store of its region, a ratio with that of the region.
    select
        months.metric_code,
        months.scope_kind,
        months.scope_key,
        months.store_key,
        months.region_name,
        months.period_start_on as month_start_on,
        'region_mean' as comparison,
        months.is_complete,
        months.is_provisional,
        months.factor,
        regions.scope_kind as base_scope_kind,
        regions.scope_key as base_scope_key,
        months.period_start_on as base_month_start_on,
        'whole' as base_part,
        case when months.denominator is null then store_counts.store_count else 1 end
            as base_store_count,
        months.numerator as total_current_numerator,
        months.denominator as total_current_denominator,
        cast(
            cast(regions.numerator as {{ double_type() }})
            / case when months.denominator is null then store_counts.store_count else 1 end
            as {{ numeric_type(20, 4) }}
        ) as total_base_numerator,
        regions.denominator as total_base_denominator
    from months
    inner join months as regions
        on
            regions.scope_kind = 'region'
            and months.metric_code = regions.metric_code
            and months.region_name = regions.scope_key
            and months.period_start_on = regions.period_start_on
    inner join store_counts
        on
            months.region_name = store_counts.region_name
            and months.period_start_on = store_counts.period_start_on
    where months.scope_kind = 'store'
),

-- Only what has a value on both sides can be explained.
comparisons as (
    select * from all_comparisons
    where
        total_base_numerator is not null
        and (total_base_denominator is null or total_base_denominator <> 0)
        and (total_current_denominator is null or total_current_denominator <> 0)
),

needed_months as (
    select
        month_start_on,
        'whole' as part
    from comparisons

    union distinct

    select
        base_month_start_on as month_start_on,
        base_part as part
    from comparisons
),

needed_members as (
    select
        metric_members.*,
        stores.region_name,
        dimensions.is_store_only
    from metric_members
    inner join needed_months
        on
            metric_members.month_start_on = needed_months.month_start_on
            and metric_members.part = needed_months.part
    inner join stores on metric_members.store_key = stores.store_key
    inner join dimensions on metric_members.dimension_code = dimensions.dimension_code
),

scope_members as (
    {%- for scope_kind, scope_key in [
        ('store', 'store_key'), ('region', 'region_name'), ('network', "'network'"),
    ] %}
        select
            metric_code,
            '{{ scope_kind }}' as scope_kind,
            {{ scope_key }} as scope_key,
            month_start_on,
            part,
            dimension_code,
            member_code,
            denominator_kind,
            is_store_only,
            sum(numerator) as numerator,
            sum(denominator) as denominator
        from needed_members
        {%- if scope_kind != 'store' %}
            where not is_store_only
        {%- endif %}
        group by
            metric_code,
            {%- if scope_kind != 'network' %}
                {{ scope_key }},
            {%- endif %}
            month_start_on,
            part,
            dimension_code,
            member_code,
            denominator_kind,
            is_store_only
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

-- A member may stand on one side only: both sides are put under each other and added. Members that
-- belong to one store cannot be compared with a region's.
placed_members as (
    {%- for side in sides %}
        {%- set prefix = 'base_' if side == 'base' else '' %}
        select
            comparisons.metric_code,
            comparisons.scope_kind,
            comparisons.scope_key,
            comparisons.month_start_on,
            comparisons.comparison,
            scope_members.dimension_code,
            scope_members.member_code,
            scope_members.denominator_kind,
            {%- for other in sides %}
                {%- if other != side %}
                    0 as {{ other }}_numerator,
                    0 as {{ other }}_denominator{{ ',' if not loop.last }}
                {%- else %}
                    {%- if side == 'base' %}
                        cast(
                            cast(scope_members.numerator as {{ double_type() }})
                            / comparisons.base_store_count as {{ numeric_type(20, 4) }}
                        ) as base_numerator,
                    {%- else %}
                        scope_members.numerator as current_numerator,
                    {%- endif %}
                    coalesce(scope_members.denominator, 0) as {{ side }}_denominator
                    {{- ',' if not loop.last }}
                {%- endif %}
            {%- endfor %}
        from comparisons
        inner join scope_members
            on
                comparisons.metric_code = scope_members.metric_code
                and comparisons.{{ prefix }}scope_kind = scope_members.scope_kind
                and comparisons.{{ prefix }}scope_key = scope_members.scope_key
                and comparisons.{{ prefix }}month_start_on = scope_members.month_start_on
                and scope_members.part
                = {{ "comparisons.base_part" if side == 'base' else "'whole'" }}
        where comparisons.comparison <> 'region_mean' or not scope_members.is_store_only
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

-- Stores and regions are members, too; their sums stand beside each other already.
places as (
    {%- for comparison in ['previous', 'last_year'] %}
        {%- for dimension, scope_kind in [
            ('store', 'region'), ('store', 'network'), ('region', 'network'),
        ] %}
            {%- if not (loop.first and comparison == 'previous') %}

            union all
            {% endif %}
            select
                metric_code,
                '{{ scope_kind }}' as scope_kind,
                {{ 'region_name' if scope_kind == 'region' else "'network'" }} as scope_key,
                period_start_on as month_start_on,
                '{{ comparison }}' as comparison,
                '{{ dimension }}' as dimension_code,
                scope_key as member_code,
                case when denominator is null then 'sum' else 'member' end as denominator_kind,
                coalesce({{ comparison }}_numerator, 0) as base_numerator,
                coalesce({{ comparison }}_denominator, 0) as base_denominator,
                numerator as current_numerator,
                coalesce(denominator, 0) as current_denominator
            from months
            where scope_kind = '{{ dimension }}'
        {%- endfor %}
    {%- endfor %}
),

member_sides as (
    select
        metric_code,
        scope_kind,
        scope_key,
        month_start_on,
        comparison,
        dimension_code,
        member_code,
        denominator_kind,
        {%- for side in sides %}
            cast(sum({{ side }}_numerator) as {{ numeric_type(20, 4) }}) as {{ side }}_numerator,
            cast(sum({{ side }}_denominator) as {{ numeric_type(20, 4) }})
                as {{ side }}_denominator{{ ',' if not loop.last }}
        {%- endfor %}
    from placed_members
    group by
        metric_code,
        scope_kind,
        scope_key,
        month_start_on,
        comparison,
        dimension_code,
        member_code,
        denominator_kind

    union all

    select
        metric_code,
        scope_kind,
        scope_key,
        month_start_on,
        comparison,
        dimension_code,
        member_code,
        denominator_kind,
        base_numerator,
        base_denominator,
        current_numerator,
        current_denominator
    from places
),

compared_members as (
    select
        member_sides.*,
        comparisons.store_key,
        comparisons.region_name,
        comparisons.is_complete,
        comparisons.is_provisional,
        comparisons.factor,
        comparisons.total_base_numerator,
        comparisons.total_base_denominator,
        comparisons.total_current_numerator,
        comparisons.total_current_denominator
    from member_sides
    inner join comparisons
        on
            member_sides.metric_code = comparisons.metric_code
            and member_sides.scope_kind = comparisons.scope_kind
            and member_sides.scope_key = comparisons.scope_key
            and member_sides.month_start_on = comparisons.month_start_on
            and member_sides.comparison = comparisons.comparison
),

{{ decomposed_members('compared_members') }},

rounded as (
    select
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        comparison,
        dimension_code,
        member_code,
        denominator_kind,
        is_complete,
        is_provisional,
        base_numerator,
        base_denominator,
        current_numerator,
        current_denominator,
        {%- for name in [
            'base_rate', 'current_rate', 'base_share', 'current_share', 'contribution',
            'rate_effect', 'mix_effect', 'base_total', 'current_total',
        ] %}
            cast({{ name }} as {{ numeric_type(20, 6) }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from decomposed_members
),

final as (
    select
        rounded.metric_code,
        rounded.scope_kind,
        rounded.scope_key,
        rounded.store_key,
        rounded.region_name,
        rounded.month_start_on,
        rounded.comparison,
        rounded.dimension_code,
        rounded.member_code,
        coalesce(member_titles.title_zh, rounded.member_code) as member_title_zh,
        coalesce(member_titles.title_en, rounded.member_code) as member_title_en,
        rounded.denominator_kind,
        rounded.is_complete,
        rounded.is_provisional,
        rounded.base_numerator,
        rounded.base_denominator,
        rounded.current_numerator,
        rounded.current_denominator,
        rounded.base_rate,
        rounded.current_rate,
        rounded.base_share,
        rounded.current_share,
        rounded.contribution,
        rounded.rate_effect,
        rounded.mix_effect,
        rounded.base_total,
        rounded.current_total,
        cast(
            row_number() over (
                partition by
                    rounded.metric_code,
                    rounded.scope_kind,
                    rounded.scope_key,
                    rounded.month_start_on,
                    rounded.comparison,
                    rounded.dimension_code
                order by abs(rounded.contribution) desc, rounded.member_code asc
            ) as {{ dbt.type_int() }}
        ) as contribution_rank
    from rounded
    left join member_titles
        on
            rounded.dimension_code = member_titles.dimension_code
            and rounded.member_code = member_titles.member_code
)

select * from final
