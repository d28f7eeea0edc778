-- depends_on: {{ ref('int_open_store_months') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_open_months(
            by_fact=false, condition='dimension_code in ' ~ late_dimensions()
        ) }}",
    )
}}

{#- The sums a metric is made of, by member of each dimension it can be explained by. Members of
    which nothing is known in a month have no row: they are zero. -#}

with

store_month_members as (
    select * from {{ ref('int_store_month_members') }}
),

technician_members as (
    select * from {{ ref('int_store_month_members') }}
    where dimension_code = 'technician'
),

store_month_customers as (
    select * from {{ ref('int_store_month_customers') }}
),

technicians as (
    select * from {{ ref('dim_technician') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),
{% if is_incremental() %}
    open_store_months as (
        select distinct
            store_key,
            month_start_on
        from {{ ref('int_open_store_months') }}
    ),
{% endif %}
metric_dimensions as (
    select * from {{ ref('metric_dimensions') }}
    where valid_to is null
),

open_members as (
    select store_month_members.* from store_month_members
    {%- if is_incremental() %}
        left join open_store_months
            on
                store_month_members.store_key = open_store_months.store_key
                and store_month_members.month_start_on = open_store_months.month_start_on
        where store_month_members.part = 'to_date' or open_store_months.store_key is not null
    {%- endif %}
),

-- A technician stands for the level reached by today, in every month.
levels as (
    select
        technician_members.part,
        technician_members.store_key,
        technician_members.month_start_on,
        'technician_level' as dimension_code,
        coalesce(technicians.skill_level, {{ no_member() }}) as member_code,
        {%- for name in member_sum_names() %}
            technician_members.{{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from technician_members
    left join technicians on technician_members.member_code = technicians.technician_key
),

parts as (
    {%- for relation in ['open_members', 'store_month_customers', 'levels'] %}
        select
            part,
            store_key,
            month_start_on,
            dimension_code,
            member_code,
            {{ member_sum_names() | join(', ') }}
        from {{ relation }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

settled_months as (
    select
        month_start_on,
        min(case when is_comeback_mature then 1 else 0 end) = 1 as is_settled
    from dates
    group by month_start_on
),

member_sums as (
    select
        part,
        store_key,
        month_start_on,
        dimension_code,
        member_code,
        {%- for name in member_sum_names() %}
            sum({{ name }}) as {{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from parts
    group by part, store_key, month_start_on, dimension_code, member_code
),

members as (
    select
        member_sums.*,
        settled_months.is_settled
    from member_sums
    inner join settled_months on member_sums.month_start_on = settled_months.month_start_on
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
