{# Every row of the new batches in staging that breaks a rule, with where it came from and the key a steward finds it by. #}
{% macro broken_staging_rows() -%}
    {%- for table in staging_tables() %}
    select
        'stg_{{ table.system }}__{{ table.name }}' as table_name,
        _batch_id as batch_id,
        _source_file as source_file,
        _row_number as row_number,
        {{ table.store or 'cast(null as ' ~ dbt.type_string() ~ ')' }} as store_id,
        {{ key(table.key) }} as row_key,
        flag_rule_ids
    from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}
    where
        flag_rule_ids <> ''
        and _batch_id in (
            select batches.batch_id
            from {{ source('control', 'batches') }} as batches
            where
                batches.system = '{{ table.system }}'
                and batches.table_name = '{{ table.name }}'
                and batches.is_new
        )
        {%- if not loop.last %}
    union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
