{#-
  From one definition's number to its rival's, a bar a rule. Every subset of the rules by which the two
  differ is computed on the same rows; a rule's bar is what it adds, averaged over all orders in which the
  rules can be switched (Shapley), so no order is preferred and the bars add up to the difference. They are
  added as decimals times whole weights and divided once; what rounding leaves goes to the largest bar.
-#}
{%- set rules = ['date_basis', 'amount_basis', 'tax_basis', 'payer_scope', 'denominator'] -%}
{%- set scopes = {
    'store': ['sums.store_key', 'sums.store_key', 'stores.region_name',
        'sums.store_key, stores.region_name, '],
    'region': ['stores.region_name', 'null', 'stores.region_name', 'stores.region_name, '],
    'network': ["'network'", 'null', 'null', ''],
} -%}

with

sums as (
    select * from {{ ref('int_definition_sums') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

readings as (
    select * from {{ ref('definition_readings') }}
    where valid_to is null
),

rules as (
    select * from {{ ref('definition_rules') }}
    where valid_to is null
),

bridges as (
    select * from {{ ref('definition_bridges') }}
    where valid_to is null
),

periods as (
    select * from {{ ref('int_periods') }}
    where period_kind = 'month'
),

limits as (
    select 1 + cast({{ threshold('vat_rate_pct') }} as {{ numeric_type(9, 4) }}) / 100 as tax_factor
),

sides as (
    select 0 as side

    union all

    select 1 as side
),

pairs as (
    select
        bridges.bridge_code,
        bridges.comparison,
        {%- for rule in rules %}
            readings_from.{{ rule }} as {{ rule }}_from,
            readings_to.{{ rule }} as {{ rule }}_to,
        {%- endfor %}
        {%- for rule in rules %}
            case when readings_from.{{ rule }} = readings_to.{{ rule }} then 0 else 1 end
            {{- ' +' if not loop.last }}
        {%- endfor %} as rule_count
    from bridges
    inner join readings as readings_from
        on bridges.from_reading_code = readings_from.reading_code
    inner join readings as readings_to
        on bridges.to_reading_code = readings_to.reading_code
),

-- One row per subset of the rules that differ; a rule that does not differ stays where it is.
subsets as (
    select
        pairs.bridge_code,
        pairs.comparison,
        pairs.rule_count,
        {%- for rule in rules %}
            {{ rule }}_sides.side as {{ rule }}_side,
            case
                when {{ rule }}_sides.side = 1 then pairs.{{ rule }}_to else pairs.{{ rule }}_from
            end
                as {{ rule }},
        {%- endfor %}
        {%- for rule in rules %}
            {{ rule }}_sides.side
            {{- ' +' if not loop.last }}
        {%- endfor %} as switched_count
    from
        pairs
    {%- for rule in rules %}
        inner join sides as {{ rule }}_sides
            on pairs.{{ rule }}_from <> pairs.{{ rule }}_to or {{ rule }}_sides.side = 0
    {%- endfor %}
),

scoped as (
    {%- for kind, columns in scopes.items() %}
        select
            '{{ kind }}' as scope_kind,
            {{ columns[0] }} as scope_key,
            cast({{ columns[1] }} as {{ dbt.type_string() }}) as store_key,
            cast({{ columns[2] }} as {{ dbt.type_string() }}) as region_name,
            sums.month_start_on,
            sums.date_basis,
            sums.payer_scope,
            sum(sums.list_amount) as list_amount,
            sum(sums.net_amount) as net_amount,
            sum(sums.order_count) as order_count,
            sum(sums.visit_count) as visit_count
        from sums
        inner join stores on sums.store_key = stores.store_key
        group by {{ columns[3] }}sums.month_start_on, sums.date_basis, sums.payer_scope
        {%- if not loop.last %}

            union all

        {% endif %}
    {%- endfor %}
),

scope_months as (
    select distinct
        scoped.scope_kind,
        scoped.scope_key,
        scoped.store_key,
        scoped.region_name,
        scoped.month_start_on,
        periods.previous_start_on,
        periods.last_year_start_on
    from scoped
    inner join periods on scoped.month_start_on = periods.period_start_on
    where scoped.date_basis = 'opened' and periods.is_complete
),

-- A month without such orders counts 0 and has no ticket.
subset_values as (
    select
        subsets.bridge_code,
        subsets.comparison,
        subsets.rule_count,
        subsets.switched_count,
        {%- for rule in rules %}
            subsets.{{ rule }}_side,
        {%- endfor %}
        scope_months.scope_kind,
        scope_months.scope_key,
        scope_months.store_key,
        scope_months.region_name,
        scope_months.month_start_on,
        scope_months.previous_start_on,
        scope_months.last_year_start_on,
        cast(
            case
                when subsets.amount_basis = 'list' then coalesce(scoped.list_amount, 0)
                else coalesce(scoped.net_amount, 0)
            end
            * case when subsets.tax_basis = 'with_tax' then limits.tax_factor else 1 end
            as {{ double_type() }}
        )
        / case
            when subsets.denominator = 'none' then cast(1 as {{ double_type() }})
            when subsets.denominator = 'orders'
                then nullif(cast(scoped.order_count as {{ double_type() }}), 0)
            when subsets.denominator = 'visits'
                then nullif(cast(scoped.visit_count as {{ double_type() }}), 0)
        end as reading_value
    from subsets
    cross join scope_months
    cross join limits
    left join scoped
        on
            scope_months.scope_kind = scoped.scope_kind
            and scope_months.scope_key = scoped.scope_key
            and scope_months.month_start_on = scoped.month_start_on
            and subsets.date_basis = scoped.date_basis
            and subsets.payer_scope = scoped.payer_scope
),

compared as (
    select
        subset_values.bridge_code,
        subset_values.rule_count,
        subset_values.switched_count,
        {%- for rule in rules %}
            subset_values.{{ rule }}_side,
        {%- endfor %}
        subset_values.scope_kind,
        subset_values.scope_key,
        subset_values.store_key,
        subset_values.region_name,
        subset_values.month_start_on,
        {{ round_half_up(
            'case when subset_values.comparison = \'none\' then subset_values.reading_value'
            ~ ' else subset_values.reading_value / nullif(base_values.reading_value, 0) - 1 end',
            24, 6
        ) }} as subset_value
    from subset_values
    left join subset_values as base_values
        on
            subset_values.bridge_code = base_values.bridge_code
            and subset_values.scope_kind = base_values.scope_kind
            and subset_values.scope_key = base_values.scope_key
            {%- for rule in rules %}
                and subset_values.{{ rule }}_side = base_values.{{ rule }}_side
            {%- endfor %}
            and base_values.month_start_on = case subset_values.comparison
                when 'previous_month' then subset_values.previous_start_on
                when 'last_year' then subset_values.last_year_start_on
            end
),

-- A bridge stands where every one of its readings does.
bridged as (
    select
        bridge_code,
        rule_count,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        max(case when switched_count = 0 then subset_value end) as from_value,
        {%- for rule in rules %}
            sum(subset_value * {{ shapley_weight(rule ~ '_side', 'switched_count', 'rule_count') }})
                as {{ rule }}_units,
        {%- endfor %}
        max(case when switched_count = rule_count then subset_value end) as to_value
    from compared
    group by
        bridge_code, rule_count, scope_kind, scope_key, store_key, region_name, month_start_on
    having count(*) = count(subset_value)
),

bars as (
    {%- for rule in rules %}
        select
            bridged.bridge_code,
            bridged.scope_kind,
            bridged.scope_key,
            bridged.store_key,
            bridged.region_name,
            bridged.month_start_on,
            bridged.from_value,
            bridged.to_value,
            '{{ rule }}' as rule_code,
        {{ round_half_up(
            'cast(bridged.' ~ rule ~ '_units as ' ~ double_type() ~ ') / '
            ~ factorial('bridged.rule_count'), 24, 6
        ) }} as rounded_value
        from bridged
        inner join pairs
            on
                bridged.bridge_code = pairs.bridge_code
                and pairs.{{ rule }}_from <> pairs.{{ rule }}_to
        {%- if not loop.last %}

            union all

        {% endif %}
    {%- endfor %}
),

ranked as (
    select
        bars.*,
        rules.rule_order,
        rules.title_zh,
        rules.title_en,
        row_number() over (
            partition by bars.bridge_code, bars.scope_kind, bars.scope_key, bars.month_start_on
            order by abs(bars.rounded_value) desc, rules.rule_order
        ) as size_rank,
        bars.to_value - bars.from_value - sum(bars.rounded_value) over (
            partition by bars.bridge_code, bars.scope_kind, bars.scope_key, bars.month_start_on
        ) as rounding_rest
    from bars
    inner join rules on bars.rule_code = rules.rule_code
),

rule_steps as (
    select
        bridge_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        month_start_on,
        'rule' as step_kind,
        rule_code,
        rule_order as step_order,
        title_zh,
        title_en,
        rounded_value + case when size_rank = 1 then rounding_rest else 0 end as step_value,
        case when size_rank = 1 then rounding_rest else 0 end as rounding_rest,
        from_value,
        to_value
    from ranked
),

steps as (
    select * from rule_steps

    union all

    {%- for step_kind, step_order, side in [('from', 0, 'from'), ('to', 99, 'to')] %}
        select
            bridged.bridge_code,
            bridged.scope_kind,
            bridged.scope_key,
            bridged.store_key,
            bridged.region_name,
            bridged.month_start_on,
            '{{ step_kind }}' as step_kind,
            cast(null as {{ dbt.type_string() }}) as rule_code,
            {{ step_order }} as step_order,
            readings.title_zh,
            readings.title_en,
            bridged.{{ side }}_value as step_value,
            0 as rounding_rest,
            bridged.from_value,
            bridged.to_value
        from bridged
        inner join bridges on bridged.bridge_code = bridges.bridge_code
        inner join readings on bridges.{{ side }}_reading_code = readings.reading_code
        {%- if not loop.last %}

            union all

        {% endif %}
    {%- endfor %}
),

final as (
    select
        steps.bridge_code || ':' || steps.scope_kind || ':' || steps.scope_key || ':'
        || cast(steps.month_start_on as {{ dbt.type_string() }}) || ':'
        || coalesce(steps.rule_code, steps.step_kind) as bridge_step_key,
        steps.bridge_code,
        bridges.title_zh as bridge_title_zh,
        bridges.title_en as bridge_title_en,
        bridges.comparison,
        steps.scope_kind,
        steps.scope_key,
        steps.store_key,
        steps.region_name,
        steps.month_start_on,
        steps.step_kind,
        steps.rule_code,
        cast(steps.step_order as {{ dbt.type_int() }}) as step_order,
        steps.title_zh as step_title_zh,
        steps.title_en as step_title_en,
        cast(steps.step_value as {{ numeric_type(24, 6) }}) as step_value,
        cast(steps.from_value as {{ numeric_type(24, 6) }}) as from_value,
        cast(steps.to_value as {{ numeric_type(24, 6) }}) as to_value,
        cast(steps.rounding_rest as {{ numeric_type(24, 6) }}) as rounding_rest
    from steps
    inner join bridges on steps.bridge_code = bridges.bridge_code
)

select * from final
