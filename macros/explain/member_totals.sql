{#
  CTEs `member_dimensions`, `parts`, `settled_months` and `final`: the groups of several facts under each
  other. `facts` lists relation, fact and dimensions, as in member_groups. The comebacks of a month are
  settled once no day of it can see another one; the query has the CTE dates.
#}
{% macro member_totals(facts, compact=false) -%}
{%- set codes = [] -%}
{%- for relation, fact, dimensions in facts -%}
    {%- for code in dimensions if code not in codes -%}
        {%- do codes.append(code) -%}
    {%- endfor -%}
{%- endfor -%}
member_dimensions as (
    {%- for code in codes %}
        select '{{ code }}' as dimension_code
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

parts as (
    {%- for relation, fact, dimensions in facts %}
    {{ member_groups(relation, fact, dimensions, compact) }}
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

final as (
    select
        parts.fact_code,
        parts.part,
        parts.store_key,
        parts.month_start_on,
        parts.dimension_code,
        coalesce(parts.member_code, {{ no_member() }}) as member_code,
        parts.fact_code <> 'comebacks' or settled_months.is_settled as is_settled,
        {%- for name in member_sum_names() %}
            cast(
                coalesce(parts.{{ name }}, 0) as
                {{ dbt.type_int() if name.endswith('_count') else numeric_type(18, 2) }}
            ) as {{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from parts
    inner join settled_months on parts.month_start_on = settled_months.month_start_on
)
{%- endmacro %}
