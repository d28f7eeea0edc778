{# Where a staging row came from: batch, file and row of the file. The load time stays behind, so that two
   runs over the same batches give the same table. #}
{% macro lineage() -%}
    _batch_id,
        _source_file,
        cast(_row_number as integer) as _row_number
{%- endmacro %}
