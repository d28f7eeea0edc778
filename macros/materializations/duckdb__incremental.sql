{#
  An incremental model on DuckDB: the rows of its SELECT go straight into the table. dbt's own way
  gathers them in a temporary table and compares its columns with the table's; here a model that
  changed is always built afresh, because its version has another fingerprint.
#}
{% materialization incremental, adapter='duckdb' -%}
    {%- if config.get('incremental_strategy') != 'append' -%}
        {%- do exceptions.raise_compiler_error(
            this.identifier ~ ": the only incremental strategy is 'append' after a pre-hook that deletes"
        ) -%}
    {%- endif -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {{- run_hooks(pre_hooks, inside_transaction=False) -}}
    {{- run_hooks(pre_hooks, inside_transaction=True) -}}
    {%- call statement('main') -%}
        {%- if existing_relation is none or existing_relation.type != 'table' or should_full_refresh() -%}
            {{ duckdb__recreate_table(existing_relation) }}
        {%- else -%}
            insert into {{ this }} by name
            {{ compiled_code }}
        {%- endif -%}
    {%- endcall -%}
    {{- run_hooks(post_hooks, inside_transaction=True) -}}
    {%- do adapter.commit() -%}
    {{- run_hooks(post_hooks, inside_transaction=False) -}}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{%- endmaterialization %}
