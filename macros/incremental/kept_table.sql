{# The name under which a table with meta `keeps_before` waits for the model that asks for it. #}
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

{# Post-hook of the model that asks: what a table was is no part of the version. #}
{% macro drop_kept_table(schema, name) -%}
    {%- set kept = kept_table(schema, name) -%}
    {%- if kept -%}
        drop table {{ kept }}
    {%- endif -%}
{%- endmacro %}
