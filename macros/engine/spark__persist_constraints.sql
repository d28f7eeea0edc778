{#
  Constraints on Spark. dbt-spark takes a table for Delta when no format is named and then alters it,
  which parquet tables refuse: there the contract's columns and types are checked, and uniqueness and
  NOT NULL by the tests.
#}
{% macro spark__persist_constraints(relation, model) -%}
    {%- if config.get('contract').enforced and config.get('file_format') == 'delta' -%}
        {%- do alter_table_add_constraints(relation, model.constraints) -%}
        {%- do alter_column_set_constraints(relation, model.columns) -%}
    {%- endif -%}
{%- endmacro %}
