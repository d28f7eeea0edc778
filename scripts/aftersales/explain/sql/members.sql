{#- Every member of the dimensions asked for, with its contribution. -#}
{% from 'sides.sql' import sides, scope_filter with context -%}
with

{{ sides(now, base, against) }},

limits as (
    select value as mean_of_means_tolerance
    from reference.thresholds
    where threshold_code = 'mean_of_means_tolerance' and valid_to is null
),

dimensions as (
    select * from reference.explain_dimensions
    where valid_to is null
),

asked as (
    select * from compared
    where
        metric_code = {{ text(metric) }}
        and (total_base_denominator is null or total_base_denominator <> 0)
        and (total_current_denominator is null or total_current_denominator <> 0)
),

placed as (
    {%- for side in [now, base] %}
        {%- set is_base = loop.index == 2 %}
        {%- set own = 'base' if is_base else 'current' %}
        {%- set other = 'current' if is_base else 'base' %}
        select
            fct_metric_members.dimension_code,
            fct_metric_members.member_code,
            fct_metric_members.denominator_kind,
            {%- if is_base %}
                cast(
                    cast(sum(fct_metric_members.numerator) as {{ double_type() }})
                    / max(asked.base_store_count) as {{ numeric_type(20, 4) }}
                ) as base_numerator,
            {%- else %}
                sum(fct_metric_members.numerator) as current_numerator,
            {%- endif %}
            coalesce(sum(fct_metric_members.denominator), 0) as {{ own }}_denominator,
            0 as {{ other }}_numerator,
            0 as {{ other }}_denominator
        from marts.fct_metric_members
        inner join marts.dim_store on fct_metric_members.store_key = dim_store.store_key
        inner join dimensions on fct_metric_members.dimension_code = dimensions.dimension_code
        cross join asked
        where
            fct_metric_members.metric_code = {{ text(metric) }}
            and {{ scope_filter(side, 'fct_metric_members.store_key', 'dim_store.region_name') }}
            and {{ text(side.period_kind) }} = 'month'
            and fct_metric_members.month_start_on = date {{ text(side.start) }}
            and fct_metric_members.part
            = {{ "case when asked.is_complete then 'whole' else 'to_date' end"
                if is_base and against else "'whole'" }}
            and (not dimensions.is_store_only or {{ is_within_store | lower }})
        group by
            fct_metric_members.dimension_code,
            fct_metric_members.member_code,
            fct_metric_members.denominator_kind

        union all by name
    {% endfor %}
    {#- Stores and regions as members of a larger place, the same on both sides. -#}
    {%- for dimension in places %}
        {%- for side in [now, base] %}
            {%- set is_base = loop.index == 2 %}
            {%- set own = 'base' if is_base else 'current' %}
            {%- set other = 'current' if is_base else 'base' %}
            {%- set from_row = (against ~ '_') if is_base and against else '' %}
            select
                '{{ dimension }}' as dimension_code,
                scope_key as member_code,
                case when denominator is null then 'sum' else 'member' end as denominator_kind,
                coalesce({{ from_row }}numerator, 0) as {{ own }}_numerator,
                coalesce({{ from_row }}denominator, 0) as {{ own }}_denominator,
                0 as {{ other }}_numerator,
                0 as {{ other }}_denominator
            from marts.fct_metric_periods
            where
                metric_code = {{ text(metric) }}
                and scope_kind = '{{ dimension }}'
                and {{ scope_filter(now, 'store_key', 'region_name') }}
                and period_kind = {{ text(side.period_kind) }}
                and period_start_on = date {{ text(now.start if is_base and against
                    else side.start) }}

            union all by name
        {% endfor %}
    {%- endfor %}
    select
        cast(null as varchar) as dimension_code,
        cast(null as varchar) as member_code,
        cast(null as varchar) as denominator_kind,
        0 as base_numerator,
        0 as base_denominator,
        0 as current_numerator,
        0 as current_denominator
    where false
),

sides_of_members as (
    select
        placed.dimension_code,
        placed.member_code,
        placed.denominator_kind,
        {%- for side in ['base', 'current'] %}
            cast(sum(placed.{{ side }}_numerator) as {{ numeric_type(20, 4) }})
                as {{ side }}_numerator,
            cast(sum(placed.{{ side }}_denominator) as {{ numeric_type(20, 4) }})
                as {{ side }}_denominator,
        {%- endfor %}
        any_value(asked.factor) as factor,
        any_value(asked.total_base_numerator) as total_base_numerator,
        any_value(asked.total_base_denominator) as total_base_denominator,
        any_value(asked.total_current_numerator) as total_current_numerator,
        any_value(asked.total_current_denominator) as total_current_denominator
    from placed
    cross join asked
    group by placed.dimension_code, placed.member_code, placed.denominator_kind
),

{{ decomposed_members('sides_of_members') }},

rounded as (
    select
        dimension_code,
        member_code,
        denominator_kind,
        {%- for name in [
            'base_rate', 'current_rate', 'base_share', 'current_share', 'contribution',
            'rate_effect', 'mix_effect', 'base_total', 'current_total',
        ] %}
            cast({{ name }} as {{ numeric_type(20, 6) }}) as {{ name }},
        {%- endfor %}
        base_numerator,
        current_numerator,
        cast(current_numerator as {{ double_type() }})
        / cast(nullif(total_current_numerator, 0) as {{ double_type() }}) as numerator_share
    from decomposed_members
),

{{ dimension_changes('rounded', ['dimension_code', 'denominator_kind']) }},

ranks as (
    select
        dimension_code,
        min(read_rank) as read_rank
    from reference.metric_dimensions
    where metric_code = {{ text(metric) }} and valid_to is null
    group by dimension_code
)

select
    rounded.dimension_code,
    dimensions.title_zh as dimension_zh,
    dimensions.title_en as dimension_en,
    dimensions.perspective,
    rounded.denominator_kind,
    rounded.member_code,
    coalesce(member_titles.title_zh, rounded.member_code) as member_zh,
    coalesce(member_titles.title_en, rounded.member_code) as member_en,
    rounded.base_numerator,
    rounded.current_numerator,
    rounded.base_rate,
    rounded.current_rate,
    rounded.base_share,
    rounded.current_share,
    rounded.rate_effect,
    rounded.mix_effect,
    rounded.contribution,
    cast(rounded.contribution as {{ double_type() }})
    / nullif(cast(judged_changes.change_value as {{ double_type() }}), 0) as share_of_change,
    coalesce(cast(rounded.current_share as {{ double_type() }}), rounded.numerator_share) as weight,
    judged_changes.base_value,
    judged_changes.current_value,
    judged_changes.change_value,
    judged_changes.residual_value,
    judged_changes.is_simpson_reversal,
    judged_changes.mean_of_members,
    judged_changes.is_mean_misleading
from rounded
inner join dimensions on rounded.dimension_code = dimensions.dimension_code
inner join judged_changes on rounded.dimension_code = judged_changes.dimension_code
left join ranks on rounded.dimension_code = ranks.dimension_code
left join intermediate.int_member_titles as member_titles
    on
        rounded.dimension_code = member_titles.dimension_code
        and rounded.member_code = member_titles.member_code
order by
    coalesce(ranks.read_rank, 0),
    rounded.dimension_code,
    abs(rounded.contribution) desc,
    rounded.member_code
