{#
  Whether a row of a big staging table is the current version of its natural key. Few rows of these
  tables are ever superseded, so keeping the losers out (int_superseded_rows) costs a fraction of
  ranking every row. Small tables rank themselves: see version_rank.
#}
{% macro is_current_version(table_name, alias) -%}
    not exists (
        select 1
        from {{ ref('int_superseded_rows') }} as superseded_rows
        where
            superseded_rows.table_name = '{{ table_name }}'
            and superseded_rows._batch_id = {{ alias }}._batch_id
            and superseded_rows._row_number = {{ alias }}._row_number
    )
{%- endmacro %}
