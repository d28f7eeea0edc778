{# The value at a rank (1 for the smallest) among those of a group, NULL beyond the last. The rank may
   count the group: an order statistic where percentile functions want a constant. #}
{% macro nth_smallest(value, rank) -%}
    {{ return(adapter.dispatch('nth_smallest', 'aftersales')(value, rank)) }}
{%- endmacro %}

{% macro default__nth_smallest(value, rank) -%}
    {{ exceptions.raise_compiler_error('nth_smallest is not written for this engine') }}
{%- endmacro %}

{% macro duckdb__nth_smallest(value, rank) -%}
    list_extract(list_sort(list({{ value }})), cast({{ rank }} as integer))
{%- endmacro %}

{% macro spark__nth_smallest(value, rank) -%}
    get(sort_array(collect_list({{ value }})), cast({{ rank }} as int) - 1)
{%- endmacro %}

{% macro postgres__nth_smallest(value, rank) -%}
    (array_agg({{ value }} order by {{ value }}))[cast({{ rank }} as integer)]
{%- endmacro %}
