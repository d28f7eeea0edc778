{# The three scopes a store row is added up to, each with the expressions of its kind, key, store and
   region. `scope.grouping` lists the columns to group by. #}
{% macro metric_scopes() -%}
    {%- set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
    {{ return([
        {'kind': 'store', 'key': 'store_key', 'store': 'store_key', 'region': 'region_name',
            'grouping': ['store_key', 'region_name']},
        {'kind': 'region', 'key': 'region_name', 'store': nothing, 'region': 'region_name',
            'grouping': ['region_name']},
        {'kind': 'network', 'key': "'network'", 'store': nothing, 'region': nothing,
            'grouping': []},
    ]) }}
{%- endmacro %}
