{#
  CTEs that end in `records`: one row per record that could show a pattern (its base), whether it does, and the
  order it is read from. Both the signals and their evidence read them. A pattern seen among long waits counts
  what is missing there: `is_hit` is the missing survey or phone, `is_long` says which half the record is in.
  `stores_of` names a CTE with the stores asked about (store_key): the records of theirs are complete, those of
  others are not. Their vehicles' orders elsewhere are read, too, as a return may be to another store.
#}
{% macro gaming_records(stores_of=none) -%}
    gaming_limits as (
        select
            {{ month_start(add_days('run_context.as_of_on', '-' ~ threshold('gaming_days'))) }}
                as first_on,
            run_context.as_of_on,
            {{ add_days('run_context.as_of_on', '-' ~ threshold('gaming_survey_days')) }}
                as surveyed_on,
            {{ threshold('comeback_window_days') }} as window_days,
            {{ threshold('gaming_return_days') }} as return_days,
            {{ threshold('gaming_phone_customers') }} as phone_customers,
            {{ threshold('gaming_round_minutes') }} as round_minutes,
            {{ threshold('gaming_month_end_days') }} as month_end_days
        from {{ source('control', 'run_context') }} as run_context
    ),

    gaming_orders as (
        select
            orders.repair_order_key,
            orders.repair_order_no,
            orders.store_key,
            orders.advisor_key,
            orders.vehicle_key,
            orders.source_customer_key,
            orders.order_type,
            orders.fault_system,
            orders.pay_type,
            orders.main_service_line,
            orders.is_cancelled,
            orders.is_closed,
            orders.revenue_amount,
            orders.opened_at,
            orders.business_on,
            orders.closed_on,
            orders.business_on >= gaming_limits.first_on as is_judged
        from {{ ref('fct_repair_orders') }} as orders
        cross join gaming_limits
        where
            orders.business_on
            >= {{ add_days('gaming_limits.first_on', '-' ~ threshold('gaming_lookback_days')) }}
            {%- if stores_of %}
                and (
                    orders.vehicle_key is null
                    or orders.vehicle_key in (
                        select seen.vehicle_key
                        from {{ ref('fct_repair_orders') }} as seen
                        where seen.store_key in (select asked.store_key from {{ stores_of }} as asked)
                    )
                )
            {%- endif %}
    ),

    neighbours as (
        select
            *,
            lag(vehicle_key) over (
                partition by store_key, business_on order by repair_order_no
            ) as vehicle_before,
            lag(pay_type) over (
                partition by store_key, business_on order by repair_order_no
            ) as pay_type_before,
            lag(order_type) over (
                partition by store_key, business_on order by repair_order_no
            ) as order_type_before,
            max(case when order_type = 'repair' and is_closed then closed_on end) over (
                partition by vehicle_key
                order by opened_at, repair_order_key
                rows between unbounded preceding and 1 preceding
            ) as repaired_on
        from gaming_orders
        where not is_cancelled
    ),

    same_faults as (
        select
            *,
            lag(closed_on) over (
                partition by vehicle_key, fault_system order by opened_at, repair_order_key
            ) as delivered_on
        from gaming_orders
        where not is_cancelled and order_type = 'repair' and fault_system is not null
    ),

    -- Long is longer than the store's own median of the month.
    waits as (
        select
            orders.repair_order_key,
            orders.repair_order_no,
            orders.store_key,
            orders.advisor_key,
            orders.source_customer_key,
            orders.business_on,
            {{ month_start('orders.business_on') }} as month_start_on,
            stages.customer_wait_minutes,
            orders.closed_on
        from gaming_orders as orders
        inner join {{ ref('fct_order_stages') }} as stages
            on orders.repair_order_key = stages.repair_order_key
        where
            orders.is_judged
            and orders.is_closed
            and not orders.is_cancelled
            and stages.customer_wait_minutes is not null
    ),

    usual_waits as (
        select
            store_key,
            month_start_on,
            {{ median('cast(customer_wait_minutes as ' ~ double_type() ~ ')') }} as median_minutes
        from waits
        group by store_key, month_start_on
    ),

    asked_orders as (
        select distinct repair_order_key
        from {{ ref('fct_surveys') }}
        where repair_order_key in (select waits.repair_order_key from waits)
    ),

    phones as (
        select
            source_customer_key,
            phone_digits,
            customer_kind
        from {{ ref('int_customer_records') }}
        where system_name = 'dms'
    ),

    busy_phones as (
        select phone_digits
        from phones
        cross join gaming_limits
        where phone_digits is not null and coalesce(customer_kind, 'person') <> 'company'
        group by phone_digits, gaming_limits.phone_customers
        having count(*) >= gaming_limits.phone_customers
    ),

    served as (
        select
            store_key,
            advisor_key,
            source_customer_key,
            {{ month_start('business_on') }} as month_start_on,
            min(business_on) as business_on
        from gaming_orders
        where is_judged and not is_cancelled
        group by
            store_key, advisor_key, source_customer_key,
            {{ month_start('business_on') }}
    ),

    records as (
        select
            'split_orders' as detector_code,
            store_key,
            advisor_key,
            business_on,
            repair_order_key as record_key,
            repair_order_no as record_name,
            false as is_long,
            coalesce(
                vehicle_key = vehicle_before
                and pay_type = pay_type_before
                and order_type = order_type_before, false
            ) as is_hit
        from neighbours
        where is_judged

        union all

        select
            'reopened_as_new' as detector_code,
            neighbours.store_key,
            neighbours.advisor_key,
            neighbours.business_on,
            neighbours.repair_order_key as record_key,
            neighbours.repair_order_no as record_name,
            false as is_long,
            coalesce(neighbours.main_service_line = 'repair', false) as is_hit
        from neighbours
        cross join gaming_limits
        where
            neighbours.is_judged
            and neighbours.order_type in ('maintenance', 'accessories')
            and {{ days_between('neighbours.repaired_on', 'neighbours.business_on') }}
            <= gaming_limits.window_days

        union all

        select
            'day31_returns' as detector_code,
            same_faults.store_key,
            same_faults.advisor_key,
            same_faults.business_on,
            same_faults.repair_order_key as record_key,
            same_faults.repair_order_no as record_name,
            false as is_long,
            {{ days_between('same_faults.delivered_on', 'same_faults.business_on') }}
            > gaming_limits.window_days as is_hit
        from same_faults
        cross join gaming_limits
        where
            same_faults.is_judged
            and {{ days_between('same_faults.delivered_on', 'same_faults.business_on') }}
            > gaming_limits.window_days - gaming_limits.return_days
            and {{ days_between('same_faults.delivered_on', 'same_faults.business_on') }}
            <= gaming_limits.window_days + gaming_limits.return_days

        union all

        select
            'survey_picking' as detector_code,
            waits.store_key,
            waits.advisor_key,
            waits.business_on,
            waits.repair_order_key as record_key,
            waits.repair_order_no as record_name,
            waits.customer_wait_minutes > usual_waits.median_minutes as is_long,
            asked_orders.repair_order_key is null as is_hit
        from waits
        cross join gaming_limits
        inner join usual_waits
            on
                waits.store_key = usual_waits.store_key
                and waits.month_start_on = usual_waits.month_start_on
        left join asked_orders on waits.repair_order_key = asked_orders.repair_order_key
        where waits.closed_on <= gaming_limits.surveyed_on

        union all

        select
            'phones_missing' as detector_code,
            waits.store_key,
            waits.advisor_key,
            waits.business_on,
            waits.repair_order_key as record_key,
            waits.repair_order_no as record_name,
            waits.customer_wait_minutes > usual_waits.median_minutes as is_long,
            phones.phone_digits is null as is_hit
        from waits
        inner join usual_waits
            on
                waits.store_key = usual_waits.store_key
                and waits.month_start_on = usual_waits.month_start_on
        inner join phones on waits.source_customer_key = phones.source_customer_key

        union all

        select
            'shared_phones' as detector_code,
            served.store_key,
            served.advisor_key,
            served.business_on,
            {{ key(['served.source_customer_key', 'served.advisor_key']) }} as record_key,
            served.source_customer_key as record_name,
            false as is_long,
            busy_phones.phone_digits is not null as is_hit
        from served
        inner join phones on served.source_customer_key = phones.source_customer_key
        left join busy_phones on phones.phone_digits = busy_phones.phone_digits
        where coalesce(phones.customer_kind, 'person') <> 'company'

        union all

        select
            'round_waits' as detector_code,
            waits.store_key,
            waits.advisor_key,
            waits.business_on,
            waits.repair_order_key as record_key,
            waits.repair_order_no as record_name,
            false as is_long,
            floor(waits.customer_wait_minutes) = gaming_limits.round_minutes * floor(
                cast(floor(waits.customer_wait_minutes) as {{ double_type() }})
                / cast(gaming_limits.round_minutes as {{ double_type() }})
            ) as is_hit
        from waits
        cross join gaming_limits

        union all

        -- `is_long` marks the last days of the month; a month that goes on has none yet.
        select
            'month_end_orders' as detector_code,
            orders.store_key,
            orders.advisor_key,
            orders.business_on,
            orders.repair_order_key as record_key,
            orders.repair_order_no as record_name,
            {{ month_start(add_days('orders.business_on', 'gaming_limits.month_end_days')) }}
            > {{ month_start('orders.business_on') }} as is_long,
            orders.is_cancelled or (orders.is_closed and orders.revenue_amount = 0) as is_hit
        from gaming_orders as orders
        cross join gaming_limits
        where orders.is_judged
    )
{%- endmacro %}
