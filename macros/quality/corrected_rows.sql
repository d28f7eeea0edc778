{#
  The judgements of the batches that stewards corrected rows of, and of the batches in which the corrected
  rows re-entered.
#}
{% macro corrected_rows() -%}
    {%- for table in staging_tables() %}
    select
        '{{ table.system }}' as system,
        '{{ table.name }}' as table_name,
        _batch_id as batch_id,
        _row_number as row_number,
        quarantine_rule_id,
        flag_rule_ids
    from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}
    where _batch_id in (
        select corrections.batch_id
        from {{ source('control', 'corrections') }} as corrections
        where corrections.system = '{{ table.system }}' and corrections.table_name = '{{ table.name }}'

        union all

        select corrections.corrected_batch_id
        from {{ source('control', 'corrections') }} as corrections
        where corrections.system = '{{ table.system }}' and corrections.table_name = '{{ table.name }}'
    )
        {%- if not loop.last %}
    union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
