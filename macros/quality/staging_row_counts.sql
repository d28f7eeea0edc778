{# Rows of the new batches of staging by table, batch and store: all, those that break no rule, those quarantined. #}
{% macro staging_row_counts() -%}
    {%- for table in staging_tables() %}
    {%- set store = table.store or 'cast(null as ' ~ dbt.type_string() ~ ')' %}
    select
        '{{ table.system }}' as system,
        '{{ table.name }}' as table_name,
        _batch_id as batch_id,
        {{ store }} as store_id,
        count(*) as row_count,
        sum(case when flag_rule_ids = '' then 1 else 0 end) as rows_passed,
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
    group by _batch_id{% if table.store %}, {{ table.store }}{% endif %}
        {%- if not loop.last %}
    union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
