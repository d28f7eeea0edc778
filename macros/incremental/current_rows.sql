{#
  The current versions of the natural keys of a big staging table: clean rows that no newer batch has
  replaced. Few rows of these tables are ever superseded, so keeping the losers out
  (int_superseded_rows) costs a fraction of ranking every row. Small tables rank themselves: see
  version_rank. A join and no correlated subquery: DuckDB would first gather every distinct pair of
  the outer table for that.
#}
{% macro current_rows(table_name, model_name) -%}
    select staged.*
    from {{ ref(model_name) }} as staged
    left join {{ ref('int_superseded_rows') }} as superseded_rows
        on
            staged._batch_id = superseded_rows._batch_id
            and staged._row_number = superseded_rows._row_number
            and superseded_rows.table_name = '{{ table_name }}'
    where staged.quarantine_rule_id is null and superseded_rows._batch_id is null
{%- endmacro %}
