{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{
    config(
        schema='landing',
        post_hook="{{ drop_kept_table('intermediate', 'int_store_period_bases') }}",
    )
}}

{%- set before = kept_table('intermediate', 'int_store_period_bases') -%}
{#- Days are counted anew in every build. -#}
{%- set compared = [
    'scope_kind', 'scope_key', 'store_key', 'region_name', 'period_kind', 'period_start_on',
    'period_end_on', 'period_use', 'covered_to_on', 'is_complete', 'is_fully_known',
    'elapsed_day_count', 'workday_count', 'previous_workday_count', 'last_year_workday_count',
    'immature_day_count',
] -%}
{%- for name in period_sums() -%}
    {%- for prefix in ['', 'previous_', 'last_year_'] -%}
        {%- do compared.append(prefix ~ name) -%}
    {%- endfor -%}
{%- endfor %}

with

store_periods as (
    select * from {{ ref('int_store_period_bases') }}
),

limits as (
    select
        cast({{ threshold('trend_lookback_periods') }} as {{ dbt.type_int() }})
            as lookback_periods
),
{% if before %}
    store_periods_before as (
        select * from {{ before }}
    ),

    other as (
        select {{ compared | join(', ') }}
        from store_periods

        except

        select {{ compared | join(', ') }}
        from store_periods_before
    ),

    gone as (
        select
            scope_kind,
            scope_key,
            period_kind,
            period_start_on
        from store_periods_before
        where period_use = 'shown'

        except

        select
            scope_kind,
            scope_key,
            period_kind,
            period_start_on
        from store_periods
        where period_use = 'shown'
    ),
{% else %}
    other as (
        select * from store_periods
    ),
{% endif %}
numbered as (
    select
        store_periods.scope_kind,
        store_periods.scope_key,
        store_periods.period_kind,
        store_periods.period_number
    from store_periods
    inner join other
        on
            store_periods.scope_kind = other.scope_kind
            and store_periods.scope_key = other.scope_key
            and store_periods.period_kind = other.period_kind
            and store_periods.period_start_on = other.period_start_on
),

-- How near a changed period is: before it only to be read, after it to be computed again.
reached as (
    select
        store_periods.scope_kind,
        store_periods.scope_key,
        store_periods.period_kind,
        store_periods.period_start_on,
        max(
            case
                when store_periods.period_use <> 'shown' then 0
                when store_periods.period_number < numbered.period_number then 0
                else 1
            end
        ) as is_changed,
        max(case when store_periods.period_number = numbered.period_number then 1 else 0 end)
            as is_other
    from store_periods
    cross join limits
    inner join numbered
        on
            store_periods.scope_kind = numbered.scope_kind
            and store_periods.scope_key = numbered.scope_key
            and store_periods.period_kind = numbered.period_kind
            and store_periods.period_number
            between numbered.period_number - limits.lookback_periods
            and numbered.period_number + limits.lookback_periods
    group by
        store_periods.scope_kind, store_periods.scope_key, store_periods.period_kind,
        store_periods.period_start_on
),

final as (
    select
        scope_kind,
        scope_key,
        period_kind,
        period_start_on,
        case when is_changed = 1 then 'changed' else 'trend' end as period_use,
        is_other = 1 as has_other_sums
    from reached
    {%- if before %}

        union all

        select
            scope_kind,
            scope_key,
            period_kind,
            period_start_on,
            'gone' as period_use,
            true as has_other_sums
        from gone
    {%- endif %}
)

select * from final
