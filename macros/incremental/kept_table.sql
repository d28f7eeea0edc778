{# The name under which a table with meta `keeps_before` waits for the end of a run. #}
{% macro kept_relation(database, schema, name) -%}
    {{ return(api.Relation.create(
        database=database, schema=schema, identifier=name ~ '__before', type='table'
    )) }}
{%- endmacro %}

{# What a table was in the version that the build continues, once the build has replaced it; none on a first
   build. Its model has meta `keeps_before`, and whoever asks refers to it, too. #}
{% macro kept_table(schema, name) -%}
    {{ return(table_before(schema, name ~ '__before')) }}
{%- endmacro %}

{# Hook at the end of a run: what tables were is no part of the version. #}
{% macro drop_kept_tables() -%}
    {%- if execute and flags.WHICH == 'run' and target.type == 'duckdb' -%}
        {%- for node in graph.nodes.values() if node.config.meta.get('keeps_before') %}
            drop table if exists {{ kept_relation(node.database, node.schema, node.name) }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
