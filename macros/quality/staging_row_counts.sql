{# Rows of staging by table and batch, clean and quarantined. #}
{% macro staging_row_counts() -%}
    {%- for table in staging_tables() %}
    select
        '{{ table.system }}' as system,
        '{{ table.name }}' as table_name,
        _batch_id as batch_id,
        sum(case when quarantine_rule_id is null then 1 else 0 end) as rows_clean,
        sum(case when quarantine_rule_id is null then 0 else 1 end) as rows_quarantined
    from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}
    where _batch_id in (
        select batches.batch_id
        from {{ source('control', 'batches') }} as batches
        where
            batches.system = '{{ table.system }}'
            and batches.table_name = '{{ table.name }}'
            and batches.is_new
    )
    group by _batch_id
        {%- if not loop.last %}
    union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
