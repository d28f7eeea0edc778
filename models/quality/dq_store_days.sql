with

orders as (

    select * from {{ ref('stg_dms__repair_orders') }}

),

surveys as (

    select * from {{ ref('stg_crm__surveys') }}

),

complaints as (

    select * from {{ ref('stg_crm__complaints') }}

),

store_offsets as (

    select * from {{ ref('int_store_offsets') }}

),

judged as (

    select
        'dms' as source_system,
        'repair_orders' as table_name,
        store_id,
        opened_at as happened_at,
        quarantine_rule_id,
        flag_rule_ids,
        case
            when {{ dbt.position("'|repair_order_late_entry|'", 'flag_rule_ids') }} > 0 then 1
            else 0
        end as late_count
    from orders

    union all

    select
        'crm' as source_system,
        'surveys' as table_name,
        store_id,
        coalesce(responded_at, sent_at) as happened_at,
        quarantine_rule_id,
        flag_rule_ids,
        0 as late_count
    from surveys

    union all

    select
        'crm' as source_system,
        'complaints' as table_name,
        store_id,
        opened_at as happened_at,
        quarantine_rule_id,
        flag_rule_ids,
        0 as late_count
    from complaints

),

placed as (

    select
        judged.source_system,
        judged.table_name,
        judged.store_id,
        judged.quarantine_rule_id,
        judged.flag_rule_ids,
        judged.late_count,
        {{ local_date('judged.happened_at', 'store_offsets.utc_offset_minutes') }} as business_on
    from judged
    inner join store_offsets
        on
            judged.store_id = store_offsets.store_key
            and judged.happened_at >= store_offsets.valid_from_at
            and judged.happened_at < store_offsets.valid_to_at

),

final as (

    select
        source_system,
        table_name,
        store_id,
        business_on,
        cast(count(*) as {{ dbt.type_int() }}) as row_count,
        cast(
            sum(case when quarantine_rule_id is null then 0 else 1 end) as {{ dbt.type_int() }}
        ) as rows_quarantined,
        cast(sum(late_count) as {{ dbt.type_int() }}) as rows_late,
        cast(
            sum(case when flag_rule_ids = '' then 0 else 1 end) as {{ dbt.type_int() }}
        ) as rows_flagged
    from placed
    group by source_system, table_name, store_id, business_on

)

select * from final
