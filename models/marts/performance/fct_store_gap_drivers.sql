{#-
  Why a store's average ticket differs from another's. Revenue per visit is split in five ways, each a
  sum of products of two factors; a factor adds its own difference at the mean of the other, so that
  the drivers of a split make up the gap with nothing left over.
-#}
{%- set factors = {
    'ticket': ('revenue', 'visit'),
    'eligible_frequency': ('eligible', 'visit'),
    'package_share': ('package', 'eligible'),
    'package_value': ('package_revenue', 'package'),
    'plain_value': ('plain_revenue', 'plain'),
    'hours': ('hour', 'visit'),
    'rate': ('labour', 'hour'),
    'parts': ('part', 'visit'),
    'discounts': ('discount', 'visit'),
    'frequency': ('opened', 'visit'),
    'appointment_share': ('appointment', 'opened'),
    'appointment_value': ('appointment_revenue', 'appointment'),
    'walk_in_value': ('walk_in_revenue', 'walk_in'),
    'member_share': ('member', 'opened'),
    'member_value': ('member_revenue', 'member'),
    'other_value': ('other_revenue', 'other'),
} -%}
{#- A share of orders with the feature, and the values of those with and without it. -#}
{%- set splits = [
    ('package', 'eligible_frequency', 'package_share', 'package_value', 'plain_value',
        ['eligible_orders_per_visit', 'package_penetration', 'package_order_value',
            'plain_order_value']),
    ('channel', 'frequency', 'appointment_share', 'appointment_value', 'walk_in_value',
        ['orders_per_visit', 'appointment_share', 'appointment_order_value',
            'walk_in_order_value']),
    ('member', 'frequency', 'member_share', 'member_value', 'other_value',
        ['orders_per_visit', 'member_share', 'member_order_value', 'other_order_value']),
] -%}
{%- set pair = ['month_start_on', 'store_key', 'region_name', 'baseline_kind', 'baseline_key'] -%}

with

sums as (
    select * from {{ ref('int_store_gap_sums') }}
),

store_mix as (
    select * from {{ ref('int_store_month_mix') }}
),

fct_revenue_lines as (
    select * from {{ ref('fct_revenue_lines') }}
),

gap_drivers as (
    select * from {{ ref('gap_drivers') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

placed as (
    select
        store_mix.*,
        stores.region_name
    from store_mix
    inner join stores on store_mix.store_key = stores.store_key
),

type_sides as (
    {%- for scope in metric_scopes() %}
        select
            '{{ scope.kind }}' as scope_kind,
            {{ scope.key }} as scope_key,
            month_start_on,
            order_type,
            sum(order_count) as typed,
            sum(revenue_amount) as typed_revenue
        from placed
        where not is_package_eligible
        group by {{ (scope.grouping + ['month_start_on', 'order_type']) | join(', ') }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

ratios as (
    select
        {%- for name, (numerator, denominator) in factors.items() %}
            {{ paired_ratio('own', numerator, denominator) }} as own_{{ name }},
            {{ paired_ratio('base', numerator, denominator) }} as base_{{ name }},
        {%- endfor %}
        {{ pair | join(',\n        ') }},
        -- Orders of unknown channel are neither: a split that leaves them out does not add up.
        own_appointment + own_walk_in = own_opened
        and base_appointment + base_walk_in = base_opened as knows_channel
    from sums
),

-- What an order is worth, as its shares and values make it.
valued as (
    select
        {%- for decomposition, frequency, share, with_value, without_value, drivers in splits %}
            {%- for side in ['own', 'base'] %}
                {{ mean_of_two(side, share, with_value, without_value) }}
                    as {{ side }}_{{ decomposition }}_order_value,
            {%- endfor %}
        {%- endfor %}
        ratios.*
    from ratios
),

type_keys as (
    select distinct order_type from type_sides
),

type_sums as (
    select
        sums.month_start_on,
        sums.store_key,
        sums.region_name,
        sums.baseline_kind,
        sums.baseline_key,
        sums.own_visit,
        sums.base_visit,
        type_keys.order_type,
        coalesce(own.typed, 0) as own_typed,
        coalesce(own.typed_revenue, 0) as own_typed_revenue,
        coalesce(base.typed, 0) as base_typed,
        coalesce(base.typed_revenue, 0) as base_typed_revenue
    from sums
    cross join type_keys
    left join type_sides as own
        on
            sums.month_start_on = own.month_start_on
            and sums.store_key = own.scope_key
            and own.scope_kind = 'store'
            and type_keys.order_type = own.order_type
    left join type_sides as base
        on
            sums.month_start_on = base.month_start_on
            and sums.baseline_kind = base.scope_kind
            and sums.baseline_key = base.scope_key
            and type_keys.order_type = base.order_type
),

type_ratios as (
    select
        *,
        {{ paired_ratio('own', 'typed', 'visit') }} as own_typed_frequency,
        {{ paired_ratio('base', 'typed', 'visit') }} as base_typed_frequency,
        {{ paired_ratio('own', 'typed_revenue', 'typed') }} as own_typed_value,
        {{ paired_ratio('base', 'typed_revenue', 'typed') }} as base_typed_value
    from type_sums
),

line_keys as (
    select distinct revenue_line from fct_revenue_lines
),

line_ratios as (
    select
        sums.month_start_on,
        sums.store_key,
        sums.region_name,
        sums.baseline_kind,
        sums.baseline_key,
        line_keys.revenue_line,
        cast(coalesce(own.revenue_amount, 0) as {{ double_type() }}) / sums.own_visit as own_line,
        cast(coalesce(base.revenue_amount, 0) as {{ double_type() }}) / sums.base_visit
            as base_line
    from sums
    cross join line_keys
    left join fct_revenue_lines as own
        on
            sums.month_start_on = own.month_start_on
            and sums.store_key = own.scope_key
            and own.scope_kind = 'store'
            and line_keys.revenue_line = own.revenue_line
    left join fct_revenue_lines as base
        on
            sums.month_start_on = base.month_start_on
            and sums.baseline_kind = base.scope_kind
            and sums.baseline_key = base.scope_key
            and line_keys.revenue_line = base.revenue_line
),

effects as (
    {%- for decomposition, frequency, share, with_value, without_value, drivers in splits %}
        {%- set order_value = decomposition ~ '_order_value' %}
        {%- set middle = '(own_' ~ frequency ~ ' + base_' ~ frequency ~ ') / 2' %}
        {%- set shown = [frequency, share, with_value, without_value] %}
        {%- set formulas = [
            factor_effect(frequency, order_value),
            middle ~ ' * (own_' ~ share ~ ' - base_' ~ share ~ ') * (own_' ~ with_value
            ~ ' + base_' ~ with_value ~ ' - own_' ~ without_value ~ ' - base_' ~ without_value
            ~ ') / 2',
            middle ~ ' * ' ~ factor_effect(with_value, share),
            middle ~ ' * (own_' ~ without_value ~ ' - base_' ~ without_value ~ ') * (2 - own_'
            ~ share ~ ' - base_' ~ share ~ ') / 2',
        ] %}
        {%- for driver in drivers %}
            select
                {{ pair | join(',\n                ') }},
                '{{ decomposition }}' as decomposition_code,
                '{{ driver }}' as driver_code,
                cast(null as {{ dbt.type_string() }}) as driver_member,
                own_{{ shown[loop.index0] }} as own_value,
                base_{{ shown[loop.index0] }} as base_value,
                {{ formulas[loop.index0] }} as effect
            from valued
            {%- if decomposition == 'channel' %}
                where knows_channel
            {%- endif %}

            union all
        {% endfor %}
    {%- endfor %}
    {%- for driver, factor, formula in [
        ('hours_per_visit', 'hours', factor_effect('hours', 'rate')),
        ('labour_rate', 'rate', factor_effect('rate', 'hours')),
        ('parts_per_visit', 'parts', 'own_parts - base_parts'),
        ('discount_per_visit', 'discounts', 'base_discounts - own_discounts'),
    ] %}
        select
            {{ pair | join(',\n            ') }},
            'work' as decomposition_code,
            '{{ driver }}' as driver_code,
            cast(null as {{ dbt.type_string() }}) as driver_member,
            own_{{ factor }} as own_value,
            base_{{ factor }} as base_value,
            {{ formula }} as effect
        from valued

        union all
    {% endfor %}
    {%- for driver, factor, other in [
        ('type_orders_per_visit', 'typed_frequency', 'typed_value'),
        ('type_order_value', 'typed_value', 'typed_frequency'),
    ] %}
        select
            {{ pair | join(',\n            ') }},
            'package' as decomposition_code,
            '{{ driver }}' as driver_code,
            order_type as driver_member,
            own_{{ factor }} as own_value,
            base_{{ factor }} as base_value,
            {{ factor_effect(factor, other) }} as effect
        from type_ratios

        union all
    {% endfor %}
    select
        {{ pair | join(',\n        ') }},
        'service_line' as decomposition_code,
        'line_revenue_per_visit' as driver_code,
        revenue_line as driver_member,
        own_line as own_value,
        base_line as base_value,
        own_line - base_line as effect
    from line_ratios
),

rounded as (
    select
        {%- for name in pair %}
            effects.{{ name }},
        {%- endfor %}
        effects.decomposition_code,
        effects.driver_code,
        coalesce(effects.driver_member, 'all') as driver_member,
        cast(valued.own_ticket as {{ numeric_type(18, 4) }}) as store_ticket,
        cast(valued.base_ticket as {{ numeric_type(18, 4) }}) as baseline_ticket,
        cast(valued.own_ticket - valued.base_ticket as {{ numeric_type(18, 4) }}) as gap_amount,
        cast(effects.own_value as {{ numeric_type(18, 6) }}) as store_value,
        cast(effects.base_value as {{ numeric_type(18, 6) }}) as baseline_value,
        cast(effects.effect as {{ numeric_type(18, 4) }}) as contribution_amount,
        coalesce(own_title.title_zh, any_title.title_zh) as driver_title_zh,
        coalesce(own_title.title_en, any_title.title_en) as driver_title_en,
        coalesce(own_title.is_practice, any_title.is_practice, false) as is_practice
    from effects
    inner join valued
        on
            effects.month_start_on = valued.month_start_on
            and effects.store_key = valued.store_key
            and effects.baseline_kind = valued.baseline_kind
            and effects.baseline_key = valued.baseline_key
    left join gap_drivers as own_title
        on
            effects.decomposition_code = own_title.decomposition_code
            and effects.driver_code = own_title.driver_code
            and effects.driver_member = own_title.driver_member
            and own_title.valid_to is null
    left join gap_drivers as any_title
        on
            effects.decomposition_code = any_title.decomposition_code
            and effects.driver_code = any_title.driver_code
            and any_title.driver_member is null
            and any_title.valid_to is null
),

-- Drivers that pull the way the gap goes come first.
ranked as (
    select
        *,
        row_number() over (
            partition by
                month_start_on, store_key, baseline_kind, baseline_key, decomposition_code
            order by
                case when gap_amount < 0 then contribution_amount else -contribution_amount end,
                driver_code, driver_member
        ) as driver_rank,
        row_number() over (
            partition by
                month_start_on, store_key, baseline_kind, baseline_key, is_practice
            order by
                case when gap_amount < 0 then contribution_amount else -contribution_amount end,
                decomposition_code, driver_code, driver_member
        ) as rank_of_kind
    from rounded
),

final as (
    select
        month_start_on,
        store_key,
        region_name,
        baseline_kind,
        baseline_key,
        decomposition_code,
        driver_code,
        driver_member,
        driver_title_zh,
        driver_title_en,
        is_practice,
        store_ticket,
        baseline_ticket,
        gap_amount,
        store_value,
        baseline_value,
        contribution_amount,
        cast(
            cast(contribution_amount as {{ double_type() }})
            / nullif(cast(gap_amount as {{ double_type() }}), 0) as {{ numeric_type(18, 6) }}
        ) as contribution_share,
        cast(driver_rank as {{ dbt.type_int() }}) as driver_rank,
        case when is_practice then cast(rank_of_kind as {{ dbt.type_int() }}) end
            as practice_rank
    from ranked
)

select * from final
