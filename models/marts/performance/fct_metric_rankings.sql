-- depends_on: {{ ref('int_changed_rankings') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_changed_rankings() }}",
    )
}}

{#-
  Every metric of every store beside its region, the network and its peers. The sums of each group
  stand in the row, so that whoever asks divides them last: a mean is a ratio of sums, weighted by what
  the metric is a ratio of, and never an average of averages. A plain sum has no such weight: its mean
  is by store.
-#}
{%- set groups = {
    'network': 'placed.metric_code, placed.period_kind, placed.period_start_on',
    'region':
        'placed.metric_code, placed.period_kind, placed.period_start_on, placed.region_name',
    'peer':
        'placed.metric_code, placed.period_kind, placed.period_start_on, placed.peer_group',
} -%}

with

metric_periods as (
    select * from {{ ref('fct_metric_periods') }}
),
{% if is_incremental() %}
    changed_rankings as (
        select * from {{ ref('int_changed_rankings') }}
    ),
{% endif %}
store_periods as (
    select metric_periods.*
    from metric_periods
    {%- if is_incremental() %}
        inner join changed_rankings
            on
                metric_periods.period_kind = changed_rankings.period_kind
                and metric_periods.period_start_on = changed_rankings.period_start_on
    {%- endif %}
    where
        metric_periods.scope_kind = 'store'
        and metric_periods.period_kind in ('month', 'quarter', 'year_to_date')
),

metrics as (
    select * from {{ ref('int_metrics') }}
),

compared_stores as (
    select * from {{ ref('int_compared_stores') }}
),

comparison_flags as (
    select * from {{ ref('comparison_flags') }}
    where valid_to is null
),

any_flag as (
    select
        deviation_basis,
        yellow_from,
        red_beyond
    from comparison_flags
    where unit = 'any'
),

limits as (
    select
        cast({{ threshold('peer_group_min_stores') }} as {{ dbt.type_int() }}) as min_store_count
),

-- A store without a value, or not there from the first day on, has no place among the others.
placed as (
    select
        store_periods.metric_code,
        store_periods.period_kind,
        store_periods.period_start_on,
        store_periods.period_end_on,
        store_periods.unit,
        store_periods.direction,
        store_periods.is_complete,
        store_periods.is_fully_known,
        store_periods.is_provisional,
        store_periods.factor,
        store_periods.points_factor,
        store_periods.store_key,
        store_periods.region_name,
        store_periods.metric_value,
        store_periods.numerator,
        store_periods.denominator,
        coalesce(store_periods.denominator, cast(1 as {{ numeric_type(20, 4) }})) as divisor,
        -- What goes into the mean of a group: all of a ratio, and of a plain sum the stores known
        -- for the whole period.
        case
            when store_periods.denominator is not null or store_periods.is_fully_known
                then store_periods.numerator
        end as mean_numerator,
        case
            when store_periods.denominator is not null then store_periods.denominator
            when store_periods.is_fully_known then cast(1 as {{ numeric_type(20, 4) }})
        end as mean_denominator,
        compared_stores.store_class,
        compared_stores.comparison_group,
        compared_stores.is_new_store,
        compared_stores.peer_group,
        metrics.band_lower,
        metrics.band_upper,
        case when store_periods.is_fully_known then {{ badness(
            'store_periods.metric_value',
            'store_periods.direction',
            'metrics.band_lower',
            'metrics.band_upper'
        ) }} end as badness,
        coalesce(unit_flags.deviation_basis, any_flag.deviation_basis) as deviation_basis,
        coalesce(unit_flags.yellow_from, any_flag.yellow_from) as yellow_from,
        coalesce(unit_flags.red_beyond, any_flag.red_beyond) as red_beyond
    from store_periods
    cross join any_flag
    inner join metrics on store_periods.metric_code = metrics.metric_code
    inner join compared_stores on store_periods.store_key = compared_stores.store_key
    left join comparison_flags as unit_flags on store_periods.unit = unit_flags.unit
),

ranked as (
    select
        placed.*,
        {%- for name, columns in groups.items() %}
            sum(placed.mean_numerator) over (partition by {{ columns }}) as {{ name }}_numerator,
            sum(placed.mean_denominator) over (partition by {{ columns }})
                as {{ name }}_denominator,
            count(placed.badness) over (partition by {{ columns }})
                as {{ name }}_store_count,
            case
                when placed.badness is not null
                    then
                        rank() over (
                            partition by {{ columns }}
                            order by
                                case when placed.badness is null then 1 else 0 end, placed.badness
                        )
            end as {{ name }}_rank,
        {%- endfor %}
        row_number() over (
            partition by {{ groups['region'] }}
            order by
                case when placed.badness is null then 1 else 0 end,
                placed.badness,
                placed.store_key
        ) as region_place
    from placed
),

best_stores as (
    select
        metric_code,
        period_kind,
        period_start_on,
        region_name,
        store_key,
        numerator,
        divisor
    from ranked
    where region_place = 1 and badness is not null
),

meant as (
    select
        *,
        {{ metric_value('region_numerator', 'region_denominator', 'factor') }} as region_mean
    from ranked
),

-- How far a store lies behind the mean of its region, in the metric's direction. Where a band is
-- the aim, the mean is none.
deviating as (
    select
        *,
        case
            when not is_fully_known then null
            when direction = 'up' then region_mean - metric_value
            when direction = 'down' then metric_value - region_mean
        end as behind
    from meant
),

judged as (
    select
        *,
        cast(
            case
                when deviation_basis = 'absolute' then cast(behind as {{ double_type() }})
                when region_mean <> 0
                    then
                        cast(behind as {{ double_type() }})
                        / cast(abs(region_mean) as {{ double_type() }})
            end as {{ numeric_type(20, 6) }}
        ) as adverse_deviation
    from deviating
),

final as (
    select
        judged.metric_code,
        judged.period_kind,
        judged.period_start_on,
        judged.period_end_on,
        judged.store_key,
        judged.region_name,
        judged.store_class,
        judged.comparison_group,
        judged.is_new_store,
        case when judged.peer_store_count >= limits.min_store_count then judged.peer_group end
            as peer_group,
        judged.unit,
        judged.direction,
        judged.is_complete,
        judged.is_fully_known,
        judged.is_provisional,
        judged.factor,
        judged.points_factor,
        judged.metric_value,
        judged.numerator,
        judged.divisor as denominator,
        judged.mean_numerator,
        judged.mean_denominator,
        {%- for name in ['network', 'region'] %}
            cast(judged.{{ name }}_numerator as {{ numeric_type(20, 4) }})
                as {{ name }}_numerator,
            cast(judged.{{ name }}_denominator as {{ numeric_type(20, 4) }})
                as {{ name }}_denominator,
            cast(judged.{{ name }}_store_count as {{ dbt.type_int() }}) as {{ name }}_store_count,
            cast(judged.{{ name }}_rank as {{ dbt.type_int() }}) as {{ name }}_rank,
        {%- endfor %}
        cast(
            case
                when judged.peer_store_count >= limits.min_store_count
                    then judged.peer_numerator
            end as {{ numeric_type(20, 4) }}
        ) as peer_numerator,
        cast(
            case
                when judged.peer_store_count >= limits.min_store_count
                    then judged.peer_denominator
            end as {{ numeric_type(20, 4) }}
        ) as peer_denominator,
        cast(
            case when judged.peer_group is not null then judged.peer_store_count end
            as {{ dbt.type_int() }}
        ) as peer_store_count,
        cast(
            case
                when
                    judged.peer_group is not null
                    and judged.peer_store_count >= limits.min_store_count
                    then judged.peer_rank
            end as {{ dbt.type_int() }}
        ) as peer_rank,
        best_stores.store_key as best_store_key,
        best_stores.numerator as best_numerator,
        best_stores.divisor as best_denominator,
        judged.adverse_deviation,
        case
            when judged.adverse_deviation is null then null
            when judged.adverse_deviation > judged.red_beyond then 'red'
            when judged.adverse_deviation >= judged.yellow_from then 'yellow'
            else 'green'
        end as flag
    from judged
    cross join limits
    left join best_stores
        on
            judged.metric_code = best_stores.metric_code
            and judged.period_kind = best_stores.period_kind
            and judged.period_start_on = best_stores.period_start_on
            and judged.region_name = best_stores.region_name
)

select * from final
