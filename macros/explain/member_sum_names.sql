{# The sums that can be broken down by members, each once, in the order of member_fact_sums. #}
{% macro member_sum_names() -%}
    {%- set names = [] -%}
    {%- for sums in member_fact_sums().values() -%}
        {%- for name in sums if name not in names -%}
            {%- do names.append(name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
