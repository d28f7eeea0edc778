with

advisors as (
    select * from {{ ref('dim_advisor') }}
),

technicians as (
    select * from {{ ref('dim_technician') }}
),

store_months as (
    select * from {{ ref('fct_store_month') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

staff as (
    select
        store_key,
        'advisor' as staff_kind,
        hired_on,
        left_on
    from advisors

    union all

    select
        store_key,
        'technician' as staff_kind,
        hired_on,
        left_on
    from technicians
),

months as (
    select
        store_months.store_key,
        store_months.month_start_on,
        store_months.revenue_amount,
        store_months.visit_count,
        least(
            {{ add_days(month_start(add_days('store_months.month_start_on', 31)), -1) }},
            run_context.as_of_on
        ) as covered_to_on,
        {{ days_between(
            'store_months.month_start_on',
            month_start(add_days('store_months.month_start_on', 31))
        ) }} as days_in_month
    from store_months
    cross join run_context
),

-- Days of the month on which each person was employed; somebody without a first day always was.
employed as (
    select
        months.store_key,
        months.month_start_on,
        staff.staff_kind,
        {{ days_between(
            'greatest(coalesce(staff.hired_on, months.month_start_on), months.month_start_on)',
            'least(coalesce(staff.left_on, months.covered_to_on), months.covered_to_on)',
        ) }} + 1 as day_count,
        case
            when staff.left_on is null or staff.left_on > months.covered_to_on then 1
            else 0
        end as is_there,
        case when staff.hired_on >= months.month_start_on then 1 else 0 end as is_hired,
        case when staff.left_on <= months.covered_to_on then 1 else 0 end as is_gone
    from months
    inner join staff
        on
            months.store_key = staff.store_key
            and (staff.hired_on is null or months.covered_to_on >= staff.hired_on)
            and (staff.left_on is null or months.month_start_on <= staff.left_on)
),

counts as (
    select
        store_key,
        month_start_on,
        sum(case when staff_kind = 'advisor' then day_count else 0 end) as advisor_days,
        sum(case when staff_kind = 'technician' then day_count else 0 end) as technician_days,
        sum(case when staff_kind = 'advisor' then is_there else 0 end) as advisor_count,
        sum(case when staff_kind = 'technician' then is_there else 0 end) as technician_count,
        sum(is_hired) as hired_count,
        sum(is_gone) as leaver_count,
        sum(case when staff_kind = 'advisor' then is_gone else 0 end) as advisor_leaver_count,
        sum(case when staff_kind = 'technician' then is_gone else 0 end)
            as technician_leaver_count
    from employed
    group by store_key, month_start_on
),

final as (
    select
        months.store_key,
        months.month_start_on,
        months.covered_to_on,
        cast(
            {{ days_between('months.month_start_on', 'months.covered_to_on') }} + 1
            as {{ dbt.type_int() }}
        ) as day_count,
        {%- for kind in ['advisor', 'technician'] %}
            cast(
                cast(coalesce(counts.{{ kind }}_days, 0) as {{ double_type() }})
                / months.days_in_month as {{ numeric_type(12, 4) }}
            ) as {{ kind }}_fte_months,
        {%- endfor %}
        cast(coalesce(counts.advisor_count, 0) as {{ dbt.type_int() }}) as advisor_count,
        cast(coalesce(counts.technician_count, 0) as {{ dbt.type_int() }}) as technician_count,
        cast(coalesce(counts.hired_count, 0) as {{ dbt.type_int() }}) as hired_count,
        cast(coalesce(counts.leaver_count, 0) as {{ dbt.type_int() }}) as leaver_count,
        cast(coalesce(counts.advisor_leaver_count, 0) as {{ dbt.type_int() }})
            as advisor_leaver_count,
        cast(coalesce(counts.technician_leaver_count, 0) as {{ dbt.type_int() }})
            as technician_leaver_count,
        months.revenue_amount,
        months.visit_count
    from months
    left join counts
        on
            months.store_key = counts.store_key
            and months.month_start_on = counts.month_start_on
)

select * from final
