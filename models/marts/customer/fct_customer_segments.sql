{#- The class of a customer of each kind. -#}
{%- set kinds = {
    'value_class': 'value_class',
    'lifecycle_stage': 'lifecycle_stage',
    'rfm_class': 'rfm_class',
    'visit_class': 'visit_class',
    'membership': "case when is_member then 'member' when not is_member then 'no_member' end",
} -%}
{%- set counts = [
    'customer_count', 'order_count', 'visit_count', 'nps_response_count', 'promoter_count',
    'detractor_count',
] -%}
{%- set costs = ['cost_amount', 'gross_profit_amount'] -%}
{%- set sums = counts + costs -%}

with

customer_values as (
    select * from {{ ref('fct_customer_value') }}
),

window_sums as (
    select * from {{ ref('int_customer_window') }}
),

segments as (
    select * from {{ ref('segments') }}
    where valid_to is null
),

stores as (
    select * from {{ ref('dim_store') }}
),

known_parts as (
    select * from {{ ref('int_known_parts') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

-- Customers count at their own store, what they left where they left it.
parts as (
    select
        store_key,
        value_class,
        lifecycle_stage,
        rfm_class,
        visit_class,
        is_member,
        1 as customer_count,
        0 as order_count,
        0 as visit_count,
        0 as nps_response_count,
        0 as promoter_count,
        0 as detractor_count,
        0 as cost_amount,
        0 as gross_profit_amount,
        0 as revenue_amount
    from customer_values

    union all

    select
        window_sums.store_key,
        customer_values.value_class,
        customer_values.lifecycle_stage,
        customer_values.rfm_class,
        customer_values.visit_class,
        customer_values.is_member,
        0 as customer_count,
        window_sums.order_count,
        window_sums.visit_count,
        window_sums.nps_response_count,
        window_sums.promoter_count,
        window_sums.detractor_count,
        window_sums.cost_amount,
        window_sums.gross_profit_amount,
        window_sums.revenue_amount
    from window_sums
    left join customer_values on window_sums.customer_key = customer_values.customer_key
),

-- Few combinations of classes are left for the five groupings.
combined as (
    select
        store_key,
        value_class,
        lifecycle_stage,
        rfm_class,
        visit_class,
        is_member,
        {%- for name in sums %}
            sum({{ name }}) as {{ name }},
        {%- endfor %}
        sum(revenue_amount) as revenue_amount
    from parts
    group by store_key, value_class, lifecycle_stage, rfm_class, visit_class, is_member
),

labelled as (
    {%- for kind, segment in kinds.items() %}
        select
            store_key,
            '{{ kind }}' as segment_kind,
            coalesce({{ segment }}, 'unknown') as segment_code,
            {{ sums | join(', ') }},
            revenue_amount
        from combined
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

summed as (
    select
        store_key,
        segment_kind,
        segment_code,
        {%- for name in sums %}
            sum({{ name }}) as {{ name }},
        {%- endfor %}
        sum(revenue_amount) as revenue_amount
    from labelled
    group by store_key, segment_kind, segment_code
),

-- Every store has every class of every kind, and the customers of no class: shares need the whole.
members as (
    select
        segment_kind,
        segment as segment_code,
        segment,
        segment_rank,
        title_zh,
        title_en
    from segments

    union all

    select
        segment_kind,
        'unknown' as segment_code,
        cast(null as {{ dbt.type_string() }}) as segment,
        max(segment_rank) + 1 as segment_rank,
        '未知客户' as title_zh,
        'Unknown customer' as title_en
    from segments
    group by segment_kind
),

filled as (
    select
        stores.store_key,
        members.segment_kind,
        members.segment_code,
        members.segment,
        members.segment_rank,
        members.title_zh,
        members.title_en,
        {%- for name in counts %}
            coalesce(summed.{{ name }}, 0) as {{ name }},
        {%- endfor %}
        {%- for name in costs %}
            case when known_parts.knows_{{ name }} then coalesce(summed.{{ name }}, 0) end
                as {{ name }},
        {%- endfor %}
        coalesce(summed.revenue_amount, 0) as revenue_amount
    from stores
    inner join known_parts on stores.store_key = known_parts.store_key
    cross join members
    left join summed
        on
            stores.store_key = summed.store_key
            and members.segment_kind = summed.segment_kind
            and members.segment_code = summed.segment_code
),

final as (
    select
        {{ key(['filled.store_key', 'filled.segment_kind', 'filled.segment_code']) }}
            as customer_segment_key,
        filled.store_key,
        run_context.as_of_on,
        filled.segment_kind,
        filled.segment,
        cast(filled.segment_rank as {{ dbt.type_int() }}) as segment_rank,
        filled.title_zh as segment_title_zh,
        filled.title_en as segment_title_en,
        {%- for name in counts %}
            cast(filled.{{ name }} as {{ dbt.type_int() }}) as {{ name }},
        {%- endfor %}
        cast(filled.revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        {%- for name in costs %}
            cast(filled.{{ name }} as {{ numeric_type(18, 2) }}) as {{ name }},
        {%- endfor %}
        cast(
            sum(filled.customer_count) over (partition by filled.store_key, filled.segment_kind)
            as {{ dbt.type_int() }}
        ) as store_customer_count,
        cast(
            sum(filled.revenue_amount) over (partition by filled.store_key, filled.segment_kind)
            as {{ numeric_type(18, 2) }}
        ) as store_revenue_amount
    from filled
    cross join run_context
)

select * from final
