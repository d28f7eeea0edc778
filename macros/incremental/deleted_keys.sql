{#
  Natural keys that the source no longer holds, with the batch that noticed it: every version up to that
  batch is gone, and one that landed later is back. A connector names the landed rows of a key it misses
  (landing.deletions); the key is looked up there, because corrected rows carry it too.
#}
{% macro deleted_keys(table_name, model_name, natural_key) -%}
    select
        {%- for column_name in natural_key %}
            staged.{{ column_name }},
        {%- endfor %}
        max(deletions.batch_id) as deleted_in_batch_id
    from {{ ref(model_name) }} as staged
    inner join {{ source('control', 'deletions') }} as deletions
        on
            staged._batch_id = deletions.landed_batch_id
            and staged._row_number = deletions.row_number
            and deletions.system || '.' || deletions.table_name = '{{ table_name }}'
    group by
        {%- for column_name in natural_key %}
            staged.{{ column_name }}{{ ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}
