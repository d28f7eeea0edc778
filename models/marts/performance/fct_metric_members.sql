-- depends_on: {{ ref('int_affected_dates') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_open_months(
            ['orders', 'comebacks', 'surveys', 'complaints'],
            'dimension_code in ' ~ late_dimensions()
        ) }}",
    )
}}

{#- The sums a metric is made of, by member of each dimension it can be explained by. Members of
    which nothing is known in a month have no row: they are zero. -#}

with

store_month_members as (
    select * from {{ ref('int_store_month_members') }}
),

store_month_customers as (
    select * from {{ ref('int_store_month_customers') }}
),

technicians as (
    select * from {{ ref('dim_technician') }}
),

metric_dimensions as (
    select * from {{ ref('metric_dimensions') }}
    where valid_to is null
),

-- A technician stands for the level reached by today, in every month.
levels as (
    select
        store_month_members.part,
        store_month_members.store_key,
        store_month_members.month_start_on,
        'technician_level' as dimension_code,
        coalesce(technicians.skill_level, {{ no_member() }}) as member_code,
        store_month_members.is_settled,
        {%- for name in member_sum_names() %}
            store_month_members.{{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from store_month_members
    left join technicians on store_month_members.member_code = technicians.technician_key
    where store_month_members.dimension_code = 'technician'
),

level_sums as (
    select
        part,
        store_key,
        month_start_on,
        dimension_code,
        member_code,
        is_settled,
        {%- for name in member_sum_names() %}
            sum({{ name }}) as {{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from levels
    group by part, store_key, month_start_on, dimension_code, member_code, is_settled
),

members as (
    {%- for relation in ['store_month_members', 'store_month_customers', 'level_sums'] %}
        select
            part,
            store_key,
            month_start_on,
            dimension_code,
            member_code,
            is_settled,
            {{ member_sum_names() | join(', ') }}
        from {{ relation }}
        {%- if relation == 'store_month_members' and is_incremental() %}
            where
                part = 'to_date'
                or month_start_on not in (
                    select known.month_start_on
                    from {{ this }} as known
                    where known.part = 'whole'
                )
        {%- endif %}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

metric_members as (
    {{ metric_member_rows('members') }}
),

final as (
    select
        metric_code,
        store_key,
        month_start_on,
        part,
        dimension_code,
        member_code,
        member_code = {{ no_member() }} as is_no_member,
        denominator_kind,
        is_settled,
        numerator,
        denominator
    from metric_members
    where numerator <> 0 or denominator <> 0
)

select * from final
