{#
  A table on DuckDB: dropped and created in one transaction. dbt's own way (create aside, rename
  twice, commit, drop) protects readers of the table, and a candidate has none: its statements cost
  more than most models take to run.
#}
{% materialization table, adapter='duckdb' -%}
    {{- run_hooks(pre_hooks, inside_transaction=False) -}}
    {{- run_hooks(pre_hooks, inside_transaction=True) -}}
    {%- call statement('main') -%}
        {{ duckdb__recreate_table(load_cached_relation(this)) }}
    {%- endcall -%}
    {{- run_hooks(post_hooks, inside_transaction=True) -}}
    {%- do adapter.commit() -%}
    {{- run_hooks(post_hooks, inside_transaction=False) -}}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{%- endmaterialization %}

{% macro duckdb__recreate_table(existing_relation) -%}
    {%- if existing_relation is not none -%}
        drop {{ existing_relation.type }} {{ existing_relation }};
    {%- endif %}
    {{ create_table_as(False, this.incorporate(type='table'), compiled_code) }}
{%- endmacro %}
