{#-
  What cost moves with, by store and month, one row a driver: the keys shared cost is divided by and the
  volumes a change of cost is explained by. Seeds name a driver by its code; add one here first.
-#}
{%- set drivers = {
    'revenue': 'revenue_amount',
    'visits': 'visit_count',
    'orders': 'order_count',
    'new_customer_visits': 'new_customer_visit_count',
    'hours_sold': 'hours_sold',
    'technician_days': 'technician_day_count',
    'worked_minutes': 'technician_worked_minutes',
    'bay_days': 'bay_day_count',
} -%}

with

store_months as (
    select * from {{ ref('fct_store_month') }}
),

line_margins as (
    select * from {{ ref('fct_line_margins') }}
),

technicians as (
    select * from {{ ref('dim_technician') }}
),

advisors as (
    select * from {{ ref('dim_advisor') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

staff as (
    select
        store_key,
        hired_on,
        left_on
    from technicians

    union all

    select
        store_key,
        hired_on,
        left_on
    from advisors
),

last_days as (
    select
        store_months.store_key,
        store_months.month_start_on,
        least(
            {{ add_days(month_start(add_days('store_months.month_start_on', 31)), -1) }},
            run_context.as_of_on
        ) as last_on
    from store_months
    cross join run_context
),

headcounts as (
    select
        last_days.store_key,
        last_days.month_start_on,
        count(*) as headcount
    from last_days
    inner join staff
        on
            last_days.store_key = staff.store_key
            and last_days.last_on >= staff.hired_on
            and (staff.left_on is null or last_days.last_on < staff.left_on)
    group by last_days.store_key, last_days.month_start_on
),

part_lines as (
    select
        store_key,
        month_start_on,
        sum(billed_line_count) as part_line_count
    from line_margins
    where line_type = 'part'
    group by store_key, month_start_on
),

all_drivers as (
    {%- for code, column in drivers.items() %}
        select
            store_key,
            month_start_on,
            '{{ code }}' as driver_code,
            cast({{ column }} as {{ numeric_type(18, 2) }}) as driver_units
        from store_months

        union all
    {% endfor %}
    select
        store_key,
        month_start_on,
        'headcount' as driver_code,
        cast(headcount as {{ numeric_type(18, 2) }}) as driver_units
    from headcounts

    union all

    select
        store_key,
        month_start_on,
        'part_lines' as driver_code,
        cast(part_line_count as {{ numeric_type(18, 2) }}) as driver_units
    from part_lines
),

final as (
    select * from all_drivers
)

select * from final
