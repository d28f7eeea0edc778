{#-
  What each cost was, by store, region and network and by closed month, and what moved it since the month
  before and the year before. A store's change is volume (units of the driver at the old price) and price
  (the rest). A region adds its stores' prices; the mix is what its change is beside price and volume: the
  work that moved between dear and cheap stores. The three are rounded parts of one change and leave nothing.
-#}
{%- set scopes = {
    'store': ['store_key', 'store_key', 'region_name'],
    'region': ['region_name', 'null', 'region_name'],
    'network': ["'network'", 'null', 'null'],
} -%}

with

cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
    where cost_centre_code is null
),

shared_costs as (
    select * from {{ ref('int_shared_cost_allocations') }}
),

line_margins as (
    select * from {{ ref('fct_line_margins') }}
),

drivers as (
    select * from {{ ref('int_store_month_drivers') }}
),

cost_drivers as (
    select * from {{ ref('cost_drivers') }}
    where valid_to is null
),

stores as (
    select * from {{ ref('dim_store') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

limits as (
    select cast({{ threshold('top_cost_driver_count') }} as {{ dbt.type_int() }}) as top_count
),

-- Months that are over and posted in the ledger.
months as (
    select distinct
        cost_lines.month_start_on,
        {{ month_start(add_days('cost_lines.month_start_on', -1)) }} as previous_month_on,
        {{ year_before('cost_lines.month_start_on') }} as last_year_on
    from cost_lines
    cross join run_context
    where
        {{ month_start(add_days('cost_lines.month_start_on', 31)) }}
        <= {{ add_days('run_context.as_of_on', 1) }}
),

posted as (
    select
        store_key,
        month_start_on,
        'operating_cost' as cost_kind,
        account_code as member_code,
        amount
    from cost_lines

    union all

    select
        store_key,
        month_start_on,
        'direct_cost' as cost_kind,
        line_type as member_code,
        cost_amount as amount
    from line_margins

    union all

    select
        store_key,
        month_start_on,
        'shared_cost' as cost_kind,
        cast(null as {{ dbt.type_string() }}) as member_code,
        amount
    from shared_costs
),

coded as (
    select
        posted.store_key,
        posted.month_start_on,
        coalesce(named.cost_code, remaining.cost_code) as cost_code,
        sum(posted.amount) as amount
    from posted
    left join cost_drivers as named
        on
            posted.cost_kind = named.cost_kind
            and posted.member_code = named.member_code
    left join cost_drivers as remaining
        on
            posted.cost_kind = remaining.cost_kind
            and remaining.member_code is null
    group by
        posted.store_key, posted.month_start_on, coalesce(named.cost_code, remaining.cost_code)
),

known_stores as (
    select distinct coded.store_key
    from coded
),

-- Every store, closed month and cost: a store that came or went is in both sides of a change.
store_costs as (
    select
        known_stores.store_key,
        stores.region_name,
        months.month_start_on,
        months.previous_month_on,
        months.last_year_on,
        cost_drivers.cost_code,
        cost_drivers.driver_code,
        coalesce(coded.amount, 0) as amount,
        coalesce(drivers.driver_units, 0) as driver_units
    from known_stores
    cross join months
    cross join cost_drivers
    left join stores on known_stores.store_key = stores.store_key
    left join coded
        on
            known_stores.store_key = coded.store_key
            and months.month_start_on = coded.month_start_on
            and cost_drivers.cost_code = coded.cost_code
    left join drivers
        on
            known_stores.store_key = drivers.store_key
            and months.month_start_on = drivers.month_start_on
            and cost_drivers.driver_code = drivers.driver_code
),

comparisons as (
    {%- for comparison in ['previous_month', 'last_year'] %}
        select
            store_costs.store_key,
            store_costs.region_name,
            store_costs.month_start_on,
            '{{ comparison }}' as comparison,
            store_costs.cost_code,
            store_costs.driver_code,
            store_costs.amount,
            store_costs.driver_units,
            bases.amount as base_amount,
            bases.driver_units as base_units
        from store_costs
        left join store_costs as bases
            on
                store_costs.store_key = bases.store_key
                and store_costs.{{ comparison }}_on = bases.month_start_on
                and store_costs.cost_code = bases.cost_code
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

store_effects as (
    select
        *,
        amount - base_amount as change_amount,
        {{ volume_effect(
            'amount', 'base_amount', 'driver_units', 'base_units'
        ) }} as volume_effect_amount
    from comparisons
),

store_prices as (
    select
        *,
        change_amount - volume_effect_amount as price_effect_amount
    from store_effects
),

scoped as (
    {%- for kind, columns in scopes.items() %}
        select
            '{{ kind }}' as scope_kind,
            {{ columns[0] }} as scope_key,
            cast({{ columns[1] }} as {{ dbt.type_string() }}) as store_key,
            cast({{ columns[2] }} as {{ dbt.type_string() }}) as region_name,
            month_start_on,
            comparison,
            cost_code,
            driver_code,
            sum(amount) as amount,
            sum(driver_units) as driver_units,
            sum(base_amount) as base_amount,
            sum(base_units) as base_units,
            sum(change_amount) as change_amount,
            sum(price_effect_amount) as price_effect_amount
        from store_prices
        {%- if kind == 'region' %}
            where region_name is not null
        {%- endif %}
        group by
            {{ (['store_key', 'region_name'] if kind == 'store' else
                ['region_name'] if kind == 'region' else []) | join(', ')
               ~ (', ' if kind != 'network' else '') -}}
            month_start_on, comparison, cost_code, driver_code
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

effects as (
    select
        *,
        {{ volume_effect(
            'amount', 'base_amount', 'driver_units', 'base_units'
        ) }} as volume_effect_amount
    from scoped
),

ranked as (
    select
        *,
        sum(amount) over (
            partition by scope_kind, scope_key, month_start_on, comparison
        ) as total_cost_amount,
        row_number() over (
            partition by scope_kind, scope_key, month_start_on, comparison
            order by amount desc, cost_code asc
        ) as cost_rank
    from effects
),

final as (
    select
        {{ key([
            'ranked.scope_kind', 'ranked.scope_key', year_month('ranked.month_start_on'),
            'ranked.comparison', 'ranked.cost_code',
        ]) }} as cost_driver_key,
        ranked.scope_kind,
        ranked.scope_key,
        ranked.store_key,
        ranked.region_name,
        ranked.month_start_on,
        ranked.comparison,
        ranked.cost_code,
        cost_drivers.title_zh,
        cost_drivers.title_en,
        ranked.driver_code,
        cost_drivers.driver_title_zh,
        cost_drivers.driver_title_en,
        cast(ranked.cost_rank as {{ dbt.type_int() }}) as cost_rank,
        ranked.cost_rank <= limits.top_count as is_top_driver,
        cast(ranked.amount as {{ numeric_type(18, 2) }}) as amount,
        cast(ranked.total_cost_amount as {{ numeric_type(18, 2) }}) as total_cost_amount,
        cast(ranked.driver_units as {{ numeric_type(18, 2) }}) as driver_units,
        cast(ranked.base_amount as {{ numeric_type(18, 2) }}) as base_amount,
        cast(ranked.base_units as {{ numeric_type(18, 2) }}) as base_units,
        cast(ranked.change_amount as {{ numeric_type(18, 2) }}) as change_amount,
        cast(ranked.price_effect_amount as {{ numeric_type(18, 2) }}) as price_effect_amount,
        cast(ranked.volume_effect_amount as {{ numeric_type(18, 2) }}) as volume_effect_amount,
        cast(
            ranked.change_amount - ranked.price_effect_amount - ranked.volume_effect_amount
            as {{ numeric_type(18, 2) }}
        ) as mix_effect_amount
    from ranked
    cross join limits
    inner join cost_drivers on ranked.cost_code = cost_drivers.cost_code
)

select * from final
