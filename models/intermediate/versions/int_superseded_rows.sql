-- depends_on: {{ ref('int_new_batches') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
    )
}}

{#- Staging is named where it is read: DuckDB keeps a whole copy of a CTE that is read twice. -#}

{%- set versioned_tables = versioned_tables() -%}

with
{%- if is_incremental() %}
new_batches as (
    select * from {{ ref('int_new_batches') }}
),

known as (
    select * from {{ this }}
),
{% endif %}
{%- for table_name, model, natural_key in versioned_tables %}
    {%- set rows = table_name | replace('.', '_') %}
    {{ rows }}_deleted as (
        {{ deleted_keys(table_name, model, natural_key) }}
    ),

    -- Keys that may have more than one version, or none; a batch holds no key twice among its
    -- clean rows.
    {{ rows }}_keys as (
        select {{ natural_key | join(', ') }}
        from {{ ref(model) }}
        where
            quarantine_rule_id is null
        {%- if is_incremental() %}
        and _batch_id in (
            select new_batches.batch_id
            from new_batches
            where new_batches.table_name = '{{ table_name }}'
        )
        {%- endif %}
        group by {{ natural_key | join(', ') }}
        {%- if not is_incremental() %}
            having count(*) > 1
        {%- endif %}

        union distinct

        select {{ natural_key | join(', ') }}
        from {{ rows }}_deleted
    ),

    {{ rows }}_versions as (
        select
            staged.*,
            {{ rows }}_deleted.deleted_in_batch_id
        from {{ ref(model) }} as staged
        inner join {{ rows }}_keys
            on
                {% for column_name in natural_key -%}
                    {%- if not loop.first %}and {% endif -%}
                    staged.{{ column_name }} = {{ rows }}_keys.{{ column_name }}
                {% endfor %}
        left join {{ rows }}_deleted
            on
                {% for column_name in natural_key -%}
                    {%- if not loop.first %}and {% endif -%}
                    staged.{{ column_name }} = {{ rows }}_deleted.{{ column_name }}
                {% endfor %}
        where staged.quarantine_rule_id is null
    ),

    {{ rows }}_ranked as (
        select
            '{{ table_name }}' as table_name,
            {{ key(natural_key) }} as row_key,
            store_id,
            repair_order_no,
            _batch_id,
            _row_number,
            deleted_in_batch_id,
            {{ version_rank(natural_key) }} as version_rank
        from {{ rows }}_versions
    ),
{% endfor %}
ranked as (
    {%- for table_name, model, natural_key in versioned_tables %}
        select * from {{ table_name | replace('.', '_') }}_ranked
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        ranked.table_name,
        ranked.row_key,
        ranked.store_id,
        ranked.repair_order_no,
        ranked._batch_id,
        ranked._row_number
    from ranked
    {%- if is_incremental() %}
        left join known
            on
                ranked.table_name = known.table_name
                and ranked._batch_id = known._batch_id
                and ranked._row_number = known._row_number
    {%- endif %}
    where
        (ranked.version_rank > 1 or ranked._batch_id <= ranked.deleted_in_batch_id)
    {%- if is_incremental() %}
        and known._batch_id is null
        {%- endif %}
)

select * from final
