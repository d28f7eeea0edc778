{# The facts whose sums are kept by member, each with its domain of affected dates. #}
{% macro member_fact_domains() -%}
    {{ return({
        'orders': 'orders',
        'stages': 'orders',
        'lines': 'orders',
        'comebacks': 'comebacks',
        'surveys': 'surveys',
        'complaints': 'complaints',
    }) }}
{%- endmacro %}

{# CTE `fact_codes`: the names of these facts. #}
{% macro fact_codes() -%}
fact_codes as (
    {%- for fact in member_fact_domains() %}
        select '{{ fact }}' as fact_code
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
)
{%- endmacro %}
