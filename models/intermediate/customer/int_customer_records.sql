{#- System, staging model, its key, and what only this system knows of a customer. -#}
{%- set systems = [
    ('dms', 'stg_dms__customers', 'customer_id', {'customer_kind': 'customer_kind'}),
    ('crm', 'stg_crm__customers', 'crm_customer_id',
        {'is_member': 'is_member', 'acquisition_channel': 'acquisition_channel'}),
    ('finance', 'stg_finance__customers', 'account_no', {}),
] -%}

with
{% for system, model, id_column, known in systems %}
    {{ system }}_customers as (
        select * from {{ ref(model) }}
    ),

    ranked_{{ system }}_customers as (
        select
            '{{ system }}' as system_name,
            {{ id_column }} as source_customer_id,
            customer_name,
            phone,
            phone_digits,
            {{ known.get('customer_kind', 'cast(null as ' ~ dbt.type_string() ~ ')') }}
                as customer_kind,
            {{ known.get('is_member', 'cast(null as boolean)') }},
            {{ known.get('acquisition_channel', 'cast(null as ' ~ dbt.type_string() ~ ')') }},
            created_at,
            updated_at,
            {{ version_rank([id_column]) }} as version_rank
        from {{ system }}_customers
        where quarantine_rule_id is null
    ),
{% endfor %}
records as (
    {%- for system, model, id_column, known in systems %}
        select * from ranked_{{ system }}_customers
        where version_rank = 1
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        {{ key(['system_name', 'source_customer_id']) }} as source_customer_key,
        system_name,
        source_customer_id,
        customer_name,
        {{ name_key('customer_name') }} as name_key,
        phone,
        phone_digits,
        customer_kind,
        is_member,
        acquisition_channel,
        created_at,
        updated_at,
        cast(
            row_number() over (
                order by created_at asc nulls last, system_name asc, source_customer_id asc
            ) as {{ dbt.type_int() }}
        ) as age_rank
    from records
)

select * from final
