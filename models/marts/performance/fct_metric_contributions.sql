{#- What each member of a dimension added to the change of a metric: against the month before, the
    same month a year earlier and, for a store, against its region. Every step works on sums; the
    formula stands in the macro decomposed_members. -#}

with

metric_comparisons as (
    select * from {{ ref('int_metric_comparisons') }}
),

metric_members as (
    select * from {{ ref('fct_metric_members') }}
),

-- What members cannot explain, and why: fct_metric_changes says it.
unexplained as (
    select * from {{ ref('int_unexplained_comparisons') }}
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

months as (
    select
        metric_comparisons.*,
        metric_comparisons.period_start_on as month_start_on,
        metric_comparisons.base_start_on as base_month_start_on
    from metric_comparisons
    left join unexplained
        on
            metric_comparisons.metric_code = unexplained.metric_code
            and metric_comparisons.scope_kind = unexplained.scope_kind
            and metric_comparisons.scope_key = unexplained.scope_key
            and metric_comparisons.period_start_on = unexplained.month_start_on
            and metric_comparisons.comparison = unexplained.comparison
    where metric_comparisons.period_kind = 'month' and unexplained.metric_code is null
),

-- Only what has a value on both sides can be explained. A number tells a comparison apart faster
-- than five names.
comparisons as (
    select
        *,
        row_number() over (
            order by metric_code, scope_kind, scope_key, month_start_on, comparison
        ) as comparison_number
    from months
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
    select
        metric_code,
        'store' as scope_kind,
        store_key as scope_key,
        month_start_on,
        part,
        dimension_code,
        member_code,
        denominator_kind,
        is_store_only,
        numerator,
        denominator
    from needed_members

    union all

    select
        metric_code,
        'region' as scope_kind,
        region_name as scope_key,
        month_start_on,
        part,
        dimension_code,
        member_code,
        denominator_kind,
        is_store_only,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from needed_members
    where not is_store_only
    group by
        metric_code,
        region_name,
        month_start_on,
        part,
        dimension_code,
        member_code,
        denominator_kind,
        is_store_only

    union all

    select
        metric_code,
        'network' as scope_kind,
        'network' as scope_key,
        month_start_on,
        part,
        dimension_code,
        member_code,
        denominator_kind,
        is_store_only,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from needed_members
    where not is_store_only
    group by
        metric_code,
        month_start_on,
        part,
        dimension_code,
        member_code,
        denominator_kind,
        is_store_only
),

-- A member may stand on one side only: both sides are put under each other and added. Members that
-- belong to one store cannot be compared with a region's.
current_members as (
    select
        comparisons.comparison_number,
        scope_members.dimension_code,
        scope_members.member_code,
        scope_members.denominator_kind,
        0 as base_numerator,
        0 as base_denominator,
        scope_members.numerator as current_numerator,
        coalesce(scope_members.denominator, 0) as current_denominator
    from comparisons
    inner join scope_members
        on
            comparisons.metric_code = scope_members.metric_code
            and comparisons.scope_kind = scope_members.scope_kind
            and comparisons.scope_key = scope_members.scope_key
            and comparisons.month_start_on = scope_members.month_start_on
            and scope_members.part = 'whole'
    where comparisons.comparison <> 'region_mean' or not scope_members.is_store_only
),

base_members as (
    select
        comparisons.comparison_number,
        scope_members.dimension_code,
        scope_members.member_code,
        scope_members.denominator_kind,
        {{ round_half_up(
            'cast(scope_members.numerator as ' ~ double_type() ~ ') / comparisons.base_store_count',
            20, 4
        ) }} as base_numerator,
        coalesce(scope_members.denominator, 0) as base_denominator,
        0 as current_numerator,
        0 as current_denominator
    from comparisons
    inner join scope_members
        on
            comparisons.metric_code = scope_members.metric_code
            and comparisons.base_scope_kind = scope_members.scope_kind
            and comparisons.base_scope_key = scope_members.scope_key
            and comparisons.base_month_start_on = scope_members.month_start_on
            and comparisons.base_part = scope_members.part
),

placed_members as (
    select * from current_members

    union all

    select * from base_members
),

-- Stores and regions are members, too; their sums stand beside each other already.
places as (
    {%- for dimension, scope_kind in [
        ('store', 'region'), ('store', 'network'), ('region', 'network'),
    ] %}
        select
            metric_code,
            '{{ scope_kind }}' as scope_kind,
            {{ 'region_name' if scope_kind == 'region' else "'network'" }} as scope_key,
            month_start_on,
            comparison,
            '{{ dimension }}' as dimension_code,
            scope_key as member_code,
            case when total_current_denominator is null then 'sum' else 'member' end
                as denominator_kind,
            coalesce(total_base_numerator, 0) as base_numerator,
            coalesce(total_base_denominator, 0) as base_denominator,
            total_current_numerator as current_numerator,
            coalesce(total_current_denominator, 0) as current_denominator
        from months
        where scope_kind = '{{ dimension }}' and comparison <> 'region_mean'
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

member_sides as (
    select
        comparison_number,
        dimension_code,
        member_code,
        denominator_kind,
        cast(sum(base_numerator) as {{ numeric_type(20, 4) }}) as base_numerator,
        cast(sum(base_denominator) as {{ numeric_type(20, 4) }}) as base_denominator,
        cast(sum(current_numerator) as {{ numeric_type(20, 4) }}) as current_numerator,
        cast(sum(current_denominator) as {{ numeric_type(20, 4) }}) as current_denominator
    from placed_members
    group by comparison_number, dimension_code, member_code, denominator_kind

    union all

    select
        comparisons.comparison_number,
        places.dimension_code,
        places.member_code,
        places.denominator_kind,
        places.base_numerator,
        places.base_denominator,
        places.current_numerator,
        places.current_denominator
    from places
    inner join comparisons
        on
            places.metric_code = comparisons.metric_code
            and places.scope_kind = comparisons.scope_kind
            and places.scope_key = comparisons.scope_key
            and places.month_start_on = comparisons.month_start_on
            and places.comparison = comparisons.comparison
),

compared_members as (
    select
        member_sides.*,
        comparisons.factor,
        comparisons.total_base_numerator,
        comparisons.total_base_denominator,
        comparisons.total_current_numerator,
        comparisons.total_current_denominator
    from member_sides
    inner join comparisons on member_sides.comparison_number = comparisons.comparison_number
),

{{ decomposed_members('compared_members') }},

rounded as (
    select
        comparison_number,
        dimension_code,
        member_code,
        denominator_kind,
        base_numerator,
        base_denominator,
        current_numerator,
        current_denominator,
        {%- for name in [
            'base_rate', 'current_rate', 'base_share', 'current_share', 'contribution',
            'rate_effect', 'mix_effect', 'base_total', 'current_total',
        ] %}
            {{ round_half_up(name, 20, 6) }} as {{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from decomposed_members
),

ranked as (
    select
        *,
        row_number() over (
            partition by comparison_number, dimension_code
            order by abs(contribution) desc, member_code asc
        ) as contribution_rank
    from rounded
),

final as (
    select
        comparisons.metric_code,
        comparisons.scope_kind,
        comparisons.scope_key,
        comparisons.store_key,
        comparisons.region_name,
        comparisons.month_start_on,
        comparisons.comparison,
        ranked.dimension_code,
        ranked.member_code,
        coalesce(member_titles.title_zh, ranked.member_code) as member_title_zh,
        coalesce(member_titles.title_en, ranked.member_code) as member_title_en,
        ranked.denominator_kind,
        comparisons.is_complete,
        comparisons.is_provisional,
        ranked.base_numerator,
        ranked.base_denominator,
        ranked.current_numerator,
        ranked.current_denominator,
        ranked.base_rate,
        ranked.current_rate,
        ranked.base_share,
        ranked.current_share,
        ranked.contribution,
        ranked.rate_effect,
        ranked.mix_effect,
        ranked.base_total,
        ranked.current_total,
        cast(ranked.contribution_rank as {{ dbt.type_int() }}) as contribution_rank
    from ranked
    inner join comparisons on ranked.comparison_number = comparisons.comparison_number
    left join member_titles
        on
            ranked.dimension_code = member_titles.dimension_code
            and ranked.member_code = member_titles.member_code
)

select * from final
