{#
  The rows of a fact summed by store and month, once for each dimension. `relation` has part,
  store_key, month_start_on, the columns of the dimensions and those the sums are made of;
  `dimensions` gives the column of each dimension. The query has the CTE member_dimensions.
#}
{% macro member_groups(relation, fact, dimensions) -%}
    {%- set sums = member_fact_sums()[fact] -%}
    {%- set member_code -%}
        case member_dimensions.dimension_code
            {%- for code, column in dimensions.items() %}
                when '{{ code }}' then {{ column }}
            {%- endfor %}
        end
    {%- endset -%}
    select
        {{ relation }}.part,
        {{ relation }}.store_key,
        {{ relation }}.month_start_on,
        member_dimensions.dimension_code,
        {{ member_code }} as member_code,
        {%- for name in member_sum_names() %}
            {{ sums.get(name, '0') }} as {{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ relation }}
    inner join member_dimensions
        on member_dimensions.dimension_code in ('{{ dimensions.keys() | join("', '") }}')
    group by
        {{ relation }}.part,
        {{ relation }}.store_key,
        {{ relation }}.month_start_on,
        member_dimensions.dimension_code,
        {{ member_code }}
{%- endmacro %}
