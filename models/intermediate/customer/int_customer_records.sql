with

dms_customers as (
    select * from {{ ref('stg_dms__customers') }}
),

crm_customers as (
    select * from {{ ref('stg_crm__customers') }}
),

finance_customers as (
    select * from {{ ref('stg_finance__customers') }}
),

versions as (
    select
        'dms' as system_name,
        customer_id as source_customer_id,
        customer_name,
        phone,
        phone_kind,
        phone_digits,
        customer_kind,
        cast(null as boolean) as is_member,
        cast(null as {{ dbt.type_string() }}) as acquisition_channel,
        created_at,
        updated_at,
        _batch_id,
        _row_number
    from dms_customers
    where quarantine_rule_id is null

    union all

    select
        'crm' as system_name,
        crm_customer_id as source_customer_id,
        customer_name,
        phone,
        phone_kind,
        phone_digits,
        cast(null as {{ dbt.type_string() }}) as customer_kind,
        is_member,
        acquisition_channel,
        created_at,
        updated_at,
        _batch_id,
        _row_number
    from crm_customers
    where quarantine_rule_id is null

    union all

    select
        'finance' as system_name,
        account_no as source_customer_id,
        customer_name,
        phone,
        phone_kind,
        phone_digits,
        cast(null as {{ dbt.type_string() }}) as customer_kind,
        cast(null as boolean) as is_member,
        cast(null as {{ dbt.type_string() }}) as acquisition_channel,
        created_at,
        updated_at,
        _batch_id,
        _row_number
    from finance_customers
    where quarantine_rule_id is null
),

ranked as (
    select
        *,
        {{ version_rank(['system_name', 'source_customer_id']) }} as version_rank
    from versions
),

final as (
    select
        {{ key(['system_name', 'source_customer_id']) }} as source_customer_key,
        system_name,
        source_customer_id,
        customer_name,
        {{ name_key('customer_name') }} as name_key,
        phone,
        phone_kind,
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
    from ranked
    where version_rank = 1
)

select * from final
