{{ config(meta={'keeps_before': true}) }}

{#-
  Each period of a scope with its sums, those of the period before and those of the same period a year
  earlier. A base that begins before anything was known of the scope is partial, and left empty: compared
  with it every scope would seem to have grown.
-#}
{%- set names = period_sums() -%}

with

store_periods as (
    select * from {{ ref('int_store_periods') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

-- The bases of each period, as far as they are fully known.
based as (
    select
        store_periods.*,
        periods.period_end_on,
        periods.period_use,
        periods.period_number,
        periods.covered_to_on,
        periods.is_complete,
        coalesce(store_periods.first_known_on <= periods.first_on, false) as is_fully_known,
        periods.elapsed_day_count,
        periods.workday_count,
        {%- for base in ['previous', 'last_year'] %}
            periods.{{ base }}_workday_count,
            case
                when store_periods.first_known_on <= periods.{{ base }}_first_on
                    then periods.{{ base }}_start_on
            end as {{ base }}_start_on,
        {%- endfor %}
        case when periods.is_complete then 'whole' else 'to_date' end as base_part
    from store_periods
    inner join periods
        on
            store_periods.period_kind = periods.period_kind
            and store_periods.period_start_on = periods.period_start_on
    where store_periods.part = 'whole' and periods.period_use in ('shown', 'trend')
),

final as (
    select
        based.scope_kind,
        based.scope_key,
        based.store_key,
        based.region_name,
        based.period_kind,
        based.period_start_on,
        based.period_end_on,
        based.period_use,
        based.period_number,
        based.covered_to_on,
        based.is_complete,
        based.is_fully_known,
        based.elapsed_day_count,
        based.workday_count,
        case
            when previous_periods.scope_key is not null then based.previous_workday_count
        end as previous_workday_count,
        case
            when last_year_periods.scope_key is not null then based.last_year_workday_count
        end as last_year_workday_count,
        {%- for name in names %}
            based.{{ name }},
            previous_periods.{{ name }} as previous_{{ name }},
            last_year_periods.{{ name }} as last_year_{{ name }},
        {%- endfor %}
        based.immature_day_count
    from based
    left join store_periods as previous_periods
        on
            based.scope_kind = previous_periods.scope_kind
            and based.scope_key = previous_periods.scope_key
            and based.period_kind = previous_periods.period_kind
            and based.previous_start_on = previous_periods.period_start_on
            and based.base_part = previous_periods.part
    left join store_periods as last_year_periods
        on
            based.scope_kind = last_year_periods.scope_kind
            and based.scope_key = last_year_periods.scope_key
            and based.period_kind = last_year_periods.period_kind
            and based.last_year_start_on = last_year_periods.period_start_on
            and based.base_part = last_year_periods.part
)

select * from final
