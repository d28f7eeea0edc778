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

final as (

    select
        store_days.store_key,
        store_days.business_on,
        cast(coalesce(landed.row_count, 0) as {{ dbt.type_int() }}) as row_count,
        cast(coalesce(landed.rows_flagged, 0) as {{ dbt.type_int() }}) as rows_flagged,
        {{ round_half_up(score, 9, 6) }} as quality_score,
        case when dates.is_comeback_mature then 'mature' else 'provisional' end as maturity
    from store_days
    inner join dates on store_days.business_on = dates.date_on
    left join landed
        on
            store_days.store_key = landed.store_key
            and store_days.business_on = landed.business_on

)

select * from final
