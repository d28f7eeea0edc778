{#-
  A store beside its region and the network, and for the last months beside each store of its region:
  the sums of both sides in one row.
-#}
{%- set sums = gap_sums() -%}

with

store_mix as (
    select * from {{ ref('int_store_month_mix') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('gap_pair_months') }} as {{ dbt.type_int() }}) as pair_months
),

placed as (
    select
        store_mix.*,
        stores.region_name
    from store_mix
    inner join stores on store_mix.store_key = stores.store_key
),

sides as (
    {%- for scope in metric_scopes() %}
        select
            '{{ scope.kind }}' as scope_kind,
            {{ scope.key }} as scope_key,
            {{ scope.region }} as region_name,
            {%- for name, (column, condition) in sums.items() %}
                sum(case when {{ condition }} then {{ column }} else 0 end) as {{ name }},
            {%- endfor %}
            month_start_on
        from placed
        group by {{ (scope.grouping + ['month_start_on']) | join(', ') }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

pairs as (
    select
        own.month_start_on,
        own.scope_key as store_key,
        own.region_name,
        base.scope_kind as baseline_kind,
        base.scope_key as baseline_key
    from sides as own
    cross join run_context
    cross join limits
    inner join sides as base
        on
            own.month_start_on = base.month_start_on
            and (
                base.scope_kind = 'network'
                or (base.scope_kind = 'region' and own.region_name = base.scope_key)
                or (
                    base.scope_kind = 'store'
                    and own.region_name = base.region_name
                    and own.scope_key <> base.scope_key
                    and {{ month_number('own.month_start_on') }}
                    > {{ month_number('run_context.as_of_on') }} - limits.pair_months
                )
            )
    where own.scope_kind = 'store' and own.visit > 0 and base.visit > 0
),

final as (
    select
        pairs.month_start_on,
        pairs.store_key,
        pairs.region_name,
        pairs.baseline_kind,
        {%- for name in sums %}
            own.{{ name }} as own_{{ name }},
            base.{{ name }} as base_{{ name }},
        {%- endfor %}
        pairs.baseline_key
    from pairs
    inner join sides as own
        on
            pairs.month_start_on = own.month_start_on
            and pairs.store_key = own.scope_key
            and own.scope_kind = 'store'
    inner join sides as base
        on
            pairs.month_start_on = base.month_start_on
            and pairs.baseline_kind = base.scope_kind
            and pairs.baseline_key = base.scope_key
)

select * from final
