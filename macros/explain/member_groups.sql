{#
  The rows of a fact summed by store and month, once for each dimension. `relation` has part,
  store_key, month_start_on, the columns of the dimensions and those the sums are made of;
  `dimensions` gives the column of each dimension. The query has the CTE member_dimensions.
  Dimensions of few members (`compact`) are first summed together, then each for itself.
#}
{% macro member_groups(relation, fact, dimensions, compact=false) -%}
    {%- set sums = member_fact_sums()[fact] -%}
    {%- set summed = 'summed' if compact else relation -%}
    {%- set member_code -%}
        case member_dimensions.dimension_code
            {%- for code, column in dimensions.items() %}
                when '{{ code }}' then {{ summed }}.{{ column }}
            {%- endfor %}
        end
    {%- endset -%}
    select
        '{{ fact }}' as fact_code,
        {{ summed }}.part,
        {{ summed }}.store_key,
        {{ summed }}.month_start_on,
        member_dimensions.dimension_code,
        {{ member_code }} as member_code,
        {%- for name in member_sum_names() %}
            {%- if compact and name in sums %}
                sum({{ summed }}.{{ name }}) as {{ name }}
            {%- else %}
                {{ sums.get(name, '0') }} as {{ name }}
            {%- endif %}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from
        {%- if compact %}
            (
                select
                    part,
                    store_key,
                    month_start_on,
                    {%- for column in dimensions.values() %}
                        {{ column }},
                    {%- endfor %}
                    {%- for name, expression in sums.items() %}
                        {{ expression }} as {{ name }}
                        {%- if not loop.last %},{% endif %}
                    {%- endfor %}
                from {{ relation }}
                group by part, store_key, month_start_on, {{ dimensions.values() | join(', ') }}
            ) as summed
        {%- else %}
            {{ relation }}
        {%- endif %}
    inner join member_dimensions
        on member_dimensions.dimension_code in ('{{ dimensions.keys() | join("', '") }}')
    group by
        {{ summed }}.part,
        {{ summed }}.store_key,
        {{ summed }}.month_start_on,
        member_dimensions.dimension_code,
        {{ member_code }}
{%- endmacro %}
