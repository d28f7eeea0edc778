{%- set versioned_tables = versioned_tables() -%}

with

{% for table_name, model, natural_key in versioned_tables -%}
    {{ model }}_deleted as (
        {{ deleted_keys(table_name, model, natural_key) }}
    ),

{% endfor -%}
final as (
    {%- for table_name, model, natural_key in versioned_tables %}
        select
            '{{ table_name }}' as table_name,
            {{ key(natural_key) }} as row_key,
            deleted_in_batch_id
        from {{ model }}_deleted
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
)

select * from final
