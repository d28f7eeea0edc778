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

{#
  A table that is there already was created under its contract, and a version is only continued by
  the code that built it: then only the contract's columns are written down again. Holding the
  SELECT against them means planning it twice.
  What a model with meta `keeps_before` replaces is renamed, not dropped: a later model finds out what
  has changed and drops it (kept_table).
#}
{% macro duckdb__recreate_table(existing_relation) -%}
    {%- set created = this.incorporate(type='table') -%}
    {%- if existing_relation is not none and config.get('meta', {}).get('keeps_before') -%}
        {%- set kept = kept_relation(this.database, this.schema, this.identifier) -%}
        {%- do adapter.drop_relation(kept) -%}
        {%- do adapter.rename_relation(existing_relation, kept) -%}
    {%- elif existing_relation is not none -%}
        drop {{ existing_relation.type }} {{ existing_relation }};
    {%- endif %}
    {%- if existing_relation is not none and config.get('contract').enforced %}
        create table {{ created }} {{ get_table_columns_and_constraints() }};
        insert into {{ created }} by name
        {{ compiled_code }}
    {%- else %}
        {{ create_table_as(False, created, compiled_code) }}
    {%- endif %}
{%- endmacro %}
