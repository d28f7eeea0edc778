{#
  The rows of a fact summed by store and month, once for each dimension: all of them in one pass.
  `relation` has part, store_key, month_start_on, the columns of the dimensions and those the sums
  are made of; `dimensions` gives the column of each dimension.
#}
{% macro member_groups(relation, fact, dimensions) -%}
    {%- set sums = member_fact_sums()[fact] -%}
    select
        part,
        store_key,
        month_start_on,
        case
            {%- for code, column in dimensions.items() %}
                when grouping({{ column }}) = 0 then '{{ code }}'
            {%- endfor %}
        end as dimension_code,
        coalesce({{ dimensions.values() | join(', ') }}, {{ no_member() }}) as member_code,
        {%- for name in member_sum_names() %}
            {{ sums.get(name, '0') }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    group by
        grouping sets (
            {%- for column in dimensions.values() %}
                (part, store_key, month_start_on, {{ column }}){{ ',' if not loop.last }}
            {%- endfor %}
        )
{%- endmacro %}
