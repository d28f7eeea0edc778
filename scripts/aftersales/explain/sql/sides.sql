{#- The two sides of the question, for every metric, as CTEs that the other queries begin with. `now` and
    `base` are sides: scope_kind, scope_key, period_kind, start; `against` is previous or last_year
    where the row itself holds the base (a running period beside as many days), else empty. -#}
{%- macro scope_filter(side, store_key, region_name) -%}
    {%- if side.scope_kind == 'store' %}{{ store_key }} = {{ text(side.scope_key) }}
    {%- elif side.scope_kind == 'region' %}{{ region_name }} = {{ text(side.scope_key) }}
    {%- else %}true{% endif -%}
{%- endmacro -%}
{%- macro sides(now, base, against) -%}
values_now as (
    select * from marts.fct_metric_periods
    where
        scope_kind = {{ text(now.scope_kind) }}
        and scope_key = {{ text(now.scope_key) }}
        and period_kind = {{ text(now.period_kind) }}
        and period_start_on = date {{ text(now.start) }}
),

{% if against -%}
values_before as (
    select
        metric_code,
        {{ against }}_numerator as numerator,
        {{ against }}_denominator as denominator,
        1 as store_count
    from values_now
),
{%- else -%}
{#- A sum is compared with the mean store of a larger place. -#}
store_counts as (
    select count(distinct store_key) as store_count
    from marts.fct_metric_periods
    where
        scope_kind = 'store'
        and {{ scope_filter(base, 'store_key', 'region_name') }}
        and period_kind = {{ text(base.period_kind) }}
        and period_start_on = date {{ text(base.start) }}
),

values_before as (
    select
        fct_metric_periods.metric_code,
        cast(
            cast(fct_metric_periods.numerator as {{ double_type() }})
            / case
                when fct_metric_periods.denominator is null and {{ is_mean_store | lower }}
                    then store_counts.store_count
                else 1
            end as {{ numeric_type(20, 4) }}
        ) as numerator,
        fct_metric_periods.denominator,
        case
            when fct_metric_periods.denominator is null and {{ is_mean_store | lower }}
                then store_counts.store_count
            else 1
        end as store_count
    from marts.fct_metric_periods
    cross join store_counts
    where
        fct_metric_periods.scope_kind = {{ text(base.scope_kind) }}
        and fct_metric_periods.scope_key = {{ text(base.scope_key) }}
        and fct_metric_periods.period_kind = {{ text(base.period_kind) }}
        and fct_metric_periods.period_start_on = date {{ text(base.start) }}
),
{%- endif %}

compared as (
    select
        values_now.metric_code,
        values_now.factor,
        values_now.is_complete,
        values_now.is_provisional,
        values_before.store_count as base_store_count,
        values_now.numerator as total_current_numerator,
        values_now.denominator as total_current_denominator,
        values_before.numerator as total_base_numerator,
        values_before.denominator as total_base_denominator
    from values_now
    inner join values_before on values_now.metric_code = values_before.metric_code
    where values_before.numerator is not null
)
{%- endmacro -%}
