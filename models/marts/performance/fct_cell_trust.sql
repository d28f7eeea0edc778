{%- set score -%}
    1
    - cast(landed.rows_flagged as {{ double_type() }})
    / nullif(cast(landed.row_count as {{ double_type() }}), 0)
{%- endset -%}

with

store_days as (

    select
        store_key,
        business_on
    from {{ ref('fct_store_day') }}

),

landed as (

    select
        store_id as store_key,
        business_on,
        sum(row_count) as row_count,
        sum(rows_flagged) as rows_flagged
    from {{ ref('dq_store_days') }}
    group by store_id, business_on

),

dates as (

    select * from {{ ref('dim_date') }}

),

held_cells as (

    select * from {{ source('control', 'held_cells') }}

),

-- One row a cell, however many groups of it are held; the first group by name gives the reason.
held as (

    select
        store_key,
        business_on,
        min(part_group) as first_group,
        {%- for group in part_groups() %}
            max(case when part_group = '{{ group }}' then '{{ group }};' else '' end)
            {{ '||' if not loop.last }}
        {%- endfor %}
            as held_parts
    from held_cells
    group by store_key, business_on

),

reasons as (

    select
        held.store_key,
        held.business_on,
        held.held_parts,
        held_cells.rule_id,
        held_cells.reason_zh,
        held_cells.reason_en,
        held_cells.served_version_id
    from held
    inner join held_cells
        on
            held.store_key = held_cells.store_key
            and held.business_on = held_cells.business_on
            and held.first_group = held_cells.part_group

),

final as (

    select
        store_days.store_key,
        store_days.business_on,
        cast(coalesce(landed.row_count, 0) as {{ dbt.type_int() }}) as row_count,
        cast(coalesce(landed.rows_flagged, 0) as {{ dbt.type_int() }}) as rows_flagged,
        {{ round_half_up(score, 9, 6) }} as quality_score,
        case when dates.is_comeback_mature then 'mature' else 'provisional' end as maturity,
        case
            when reasons.store_key is null then 'fresh'
            when reasons.served_version_id is null then 'held'
            else 'stale'
        end as freshness,
        reasons.held_parts,
        reasons.rule_id as hold_rule_id,
        reasons.reason_zh as hold_reason_zh,
        reasons.reason_en as hold_reason_en,
        reasons.served_version_id
    from store_days
    inner join dates on store_days.business_on = dates.date_on
    left join landed
        on
            store_days.store_key = landed.store_key
            and store_days.business_on = landed.business_on
    left join reasons
        on
            store_days.store_key = reasons.store_key
            and store_days.business_on = reasons.business_on

)

select * from final
