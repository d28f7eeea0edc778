{# Values of the needed columns in the clean rows of the new batches of staging, by batch and store. #}
{% macro column_value_counts() -%}
    {%- for table in needed_columns() %}
        {%- for column in table.columns %}
            select
                '{{ table.system }}' as system,
                '{{ table.name }}' as table_name,
                '{{ column }}' as column_name,
                _batch_id as batch_id,
                store_id,
                count({{ column }}) as value_count
            from {{ ref('stg_' ~ table.system ~ '__' ~ table.name) }}
            where
                quarantine_rule_id is null
                and _batch_id in (
                    select batches.batch_id
                    from {{ source('control', 'batches') }} as batches
                    where
                        batches.system = '{{ table.system }}'
                        and batches.table_name = '{{ table.name }}'
                        and batches.is_new
                )
            group by _batch_id, store_id
            {%- if not loop.last %}

                union all
            {% endif %}
        {%- endfor %}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
{%- endmacro %}
