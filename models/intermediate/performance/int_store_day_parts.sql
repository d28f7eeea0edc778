with

days as (
    select * from {{ ref('int_days') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

store_day_orders as (
    select * from {{ ref('int_store_day_orders') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

fct_comebacks as (
    select * from {{ ref('fct_comebacks') }}
),

fct_surveys as (
    select * from {{ ref('fct_surveys') }}
),

fct_complaints as (
    select * from {{ ref('fct_complaints') }}
),

fct_bay_hours as (
    select * from {{ ref('fct_bay_hours') }}
),

fct_technician_hours as (
    select * from {{ ref('fct_technician_hours') }}
),

fct_appointments as (
    select * from {{ ref('fct_appointments') }}
),

fct_parts_demand as (
    select * from {{ ref('fct_parts_demand') }}
),

-- The day on which each known source record's customer first came, and so was new.
first_visits as (
    select
        customer_sources.source_customer_key,
        customers.first_visit_on
    from customer_sources
    inner join customers on customer_sources.customer_key = customers.customer_key
    where customers.first_visit_on is not null
),

new_visits as (
    select
        repair_orders.store_key,
        repair_orders.business_on,
        count(distinct repair_orders.visit_key) as new_customer_visit_count
    from repair_orders
    inner join first_visits
        on
            repair_orders.source_customer_key = first_visits.source_customer_key
            and repair_orders.business_on = first_visits.first_visit_on
    where not repair_orders.is_cancelled
    group by repair_orders.store_key, repair_orders.business_on
),

comebacks as (
    select
        store_key,
        business_on,
        count(*) as comeback_eligible_order_count,
        sum(case when has_comeback then 1 else 0 end) as comeback_order_count,
        sum(case when is_fixed_first_visit_strict then 1 else 0 end) as strict_fixed_order_count
    from fct_comebacks
    group by store_key, business_on
),

surveys as (
    select
        store_key,
        business_on,
        count(*) as survey_sent_count,
        sum(case when is_responded then 1 else 0 end) as survey_response_count,
        count(nps_score) as nps_response_count,
        sum(case when is_promoter then 1 else 0 end) as promoter_count,
        sum(case when is_passive then 1 else 0 end) as passive_count,
        sum(case when is_detractor then 1 else 0 end) as detractor_count,
        count(csi_score) as csi_response_count,
        sum(csi_score) as csi_score_sum
    from fct_surveys
    group by store_key, business_on
),

complaints as (
    select
        store_key,
        business_on,
        count(*) as complaint_count
    from fct_complaints
    group by store_key, business_on
),

bay_hours as (
    select
        store_key,
        business_on,
        sum(case when available_minutes > 0 then 1 else 0 end) as bay_day_count,
        sum(available_minutes) as bay_available_minutes,
        sum(productive_minutes) as bay_productive_minutes,
        sum(blocked_minutes) as bay_blocked_minutes
    from fct_bay_hours
    group by store_key, business_on
),

technician_hours as (
    select
        store_key,
        business_on,
        sum(case when available_minutes > 0 then 1 else 0 end) as technician_day_count,
        sum(available_minutes) as technician_available_minutes,
        sum(worked_minutes) as technician_worked_minutes,
        sum(hours_sold) as technician_hours_sold
    from fct_technician_hours
    group by store_key, business_on
),

appointments as (
    select
        store_key,
        business_on,
        count(*) as appointment_due_count,
        sum(case when has_shown then 1 else 0 end) as appointment_show_count
    from fct_appointments
    where not is_cancelled
    group by store_key, business_on
),

parts_demand as (
    select
        store_key,
        business_on,
        sum(demand_line_count) as parts_demand_line_count,
        sum(shelf_line_count) as parts_shelf_line_count,
        sum(lost_line_count) as parts_lost_line_count
    from fct_parts_demand
    group by store_key, business_on
),

fact_days as (
    select
        store_key,
        business_on
    from store_day_orders

    union distinct

    select
        store_key,
        business_on
    from comebacks

    union distinct

    select
        store_key,
        business_on
    from surveys

    union distinct

    select
        store_key,
        business_on
    from complaints

    union distinct

    select
        store_key,
        business_on
    from bay_hours

    union distinct

    select
        store_key,
        business_on
    from technician_hours

    union distinct

    select
        store_key,
        business_on
    from appointments

    union distinct

    select
        store_key,
        business_on
    from parts_demand
),

-- Before the first order of the network nothing is known, which is not the same as zero.
first_known_day as (
    select min(business_on) as date_on from store_day_orders
),

-- Every store on every day from its opening on, and any other day it has facts of: a record from
-- before the opening day must not fall out of the totals.
store_days as (
    select
        stores.store_key,
        days.date_on as business_on
    from stores
    inner join days on stores.opened_on <= days.date_on
    inner join first_known_day on days.date_on >= first_known_day.date_on

    union distinct

    select
        fact_days.store_key,
        fact_days.business_on
    from fact_days
    inner join days on fact_days.business_on = days.date_on
),

final as (
    select
        store_days.store_key,
        store_days.business_on,
        cast(coalesce(store_day_orders.order_count, 0) as {{ dbt.type_int() }}) as order_count,
        cast(coalesce(store_day_orders.closed_order_count, 0) as {{ dbt.type_int() }})
            as closed_order_count,
        cast(coalesce(store_day_orders.cancelled_order_count, 0) as {{ dbt.type_int() }})
            as cancelled_order_count,
        cast(coalesce(store_day_orders.visit_count, 0) as {{ dbt.type_int() }}) as visit_count,
        cast(coalesce(new_visits.new_customer_visit_count, 0) as {{ dbt.type_int() }})
            as new_customer_visit_count,
        cast(coalesce(store_day_orders.labour_amount, 0) as {{ numeric_type(18, 2) }})
            as labour_amount,
        cast(coalesce(store_day_orders.part_amount, 0) as {{ numeric_type(18, 2) }}) as part_amount,
        cast(coalesce(store_day_orders.discount_amount, 0) as {{ numeric_type(18, 2) }})
            as discount_amount,
        cast(coalesce(store_day_orders.revenue_amount, 0) as {{ numeric_type(18, 2) }})
            as revenue_amount,
        cast(coalesce(store_day_orders.cost_amount, 0) as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(coalesce(store_day_orders.gross_profit_amount, 0) as {{ numeric_type(18, 2) }})
            as gross_profit_amount,
        cast(coalesce(store_day_orders.hours_sold, 0) as {{ numeric_type(18, 2) }}) as hours_sold,
        cast(coalesce(store_day_orders.package_order_count, 0) as {{ dbt.type_int() }})
            as package_order_count,
        cast(coalesce(store_day_orders.package_eligible_order_count, 0) as {{ dbt.type_int() }})
            as package_eligible_order_count,
        cast(coalesce(store_day_orders.promised_closed_order_count, 0) as {{ dbt.type_int() }})
            as promised_closed_order_count,
        cast(coalesce(store_day_orders.on_time_order_count, 0) as {{ dbt.type_int() }})
            as on_time_order_count,
        cast(coalesce(comebacks.comeback_eligible_order_count, 0) as {{ dbt.type_int() }})
            as comeback_eligible_order_count,
        cast(coalesce(comebacks.comeback_order_count, 0) as {{ dbt.type_int() }})
            as comeback_order_count,
        cast(coalesce(comebacks.strict_fixed_order_count, 0) as {{ dbt.type_int() }})
            as strict_fixed_order_count,
        cast(coalesce(surveys.survey_sent_count, 0) as {{ dbt.type_int() }}) as survey_sent_count,
        cast(coalesce(surveys.survey_response_count, 0) as {{ dbt.type_int() }})
            as survey_response_count,
        cast(coalesce(surveys.nps_response_count, 0) as {{ dbt.type_int() }}) as nps_response_count,
        cast(coalesce(surveys.promoter_count, 0) as {{ dbt.type_int() }}) as promoter_count,
        cast(coalesce(surveys.passive_count, 0) as {{ dbt.type_int() }}) as passive_count,
        cast(coalesce(surveys.detractor_count, 0) as {{ dbt.type_int() }}) as detractor_count,
        cast(coalesce(surveys.csi_response_count, 0) as {{ dbt.type_int() }}) as csi_response_count,
        cast(coalesce(surveys.csi_score_sum, 0) as {{ numeric_type(18, 2) }}) as csi_score_sum,
        cast(coalesce(complaints.complaint_count, 0) as {{ dbt.type_int() }}) as complaint_count,
        cast(coalesce(bay_hours.bay_day_count, 0) as {{ dbt.type_int() }}) as bay_day_count,
        cast(coalesce(bay_hours.bay_available_minutes, 0) as {{ numeric_type(18, 2) }})
            as bay_available_minutes,
        cast(coalesce(bay_hours.bay_productive_minutes, 0) as {{ numeric_type(18, 2) }})
            as bay_productive_minutes,
        cast(coalesce(bay_hours.bay_blocked_minutes, 0) as {{ numeric_type(18, 2) }})
            as bay_blocked_minutes,
        cast(coalesce(technician_hours.technician_day_count, 0) as {{ dbt.type_int() }})
            as technician_day_count,
        cast(
            coalesce(technician_hours.technician_available_minutes, 0)
            as {{ numeric_type(18, 2) }}
        ) as technician_available_minutes,
        cast(coalesce(technician_hours.technician_worked_minutes, 0) as {{ numeric_type(18, 2) }})
            as technician_worked_minutes,
        cast(coalesce(technician_hours.technician_hours_sold, 0) as {{ numeric_type(18, 2) }})
            as technician_hours_sold,
        cast(coalesce(appointments.appointment_due_count, 0) as {{ dbt.type_int() }})
            as appointment_due_count,
        cast(coalesce(appointments.appointment_show_count, 0) as {{ dbt.type_int() }})
            as appointment_show_count,
        cast(coalesce(store_day_orders.customer_wait_minutes_sum, 0) as {{ numeric_type(18, 2) }})
            as customer_wait_minutes_sum,
        cast(coalesce(store_day_orders.customer_wait_order_count, 0) as {{ dbt.type_int() }})
            as customer_wait_order_count,
        cast(coalesce(store_day_orders.cycle_minutes_sum, 0) as {{ numeric_type(18, 2) }})
            as cycle_minutes_sum,
        cast(coalesce(store_day_orders.cycle_order_count, 0) as {{ dbt.type_int() }})
            as cycle_order_count,
        cast(coalesce(parts_demand.parts_demand_line_count, 0) as {{ dbt.type_int() }})
            as parts_demand_line_count,
        cast(coalesce(parts_demand.parts_shelf_line_count, 0) as {{ dbt.type_int() }})
            as parts_shelf_line_count,
        cast(coalesce(parts_demand.parts_lost_line_count, 0) as {{ dbt.type_int() }})
            as parts_lost_line_count,
        cast(coalesce(store_day_orders.labour_revenue_amount, 0) as {{ numeric_type(18, 2) }})
            as labour_revenue_amount,
        cast(coalesce(store_day_orders.labour_cost_amount, 0) as {{ numeric_type(18, 2) }})
            as labour_cost_amount,
        cast(coalesce(store_day_orders.appointment_order_count, 0) as {{ dbt.type_int() }})
            as appointment_order_count,
        cast(coalesce(store_day_orders.paper_order_count, 0) as {{ dbt.type_int() }})
            as paper_order_count,
        cast(coalesce(store_day_orders.customer_paid_order_count, 0) as {{ dbt.type_int() }})
            as customer_paid_order_count,
        cast(
            coalesce(store_day_orders.customer_paid_revenue_amount, 0)
            as {{ numeric_type(18, 2) }}
        ) as customer_paid_revenue_amount,
        cast(coalesce(store_day_orders.quality_checked_order_count, 0) as {{ dbt.type_int() }})
            as quality_checked_order_count,
        cast(coalesce(store_day_orders.quality_first_pass_order_count, 0) as {{ dbt.type_int() }})
            as quality_first_pass_order_count
    from store_days
    left join store_day_orders
        on
            store_days.store_key = store_day_orders.store_key
            and store_days.business_on = store_day_orders.business_on
    left join new_visits
        on
            store_days.store_key = new_visits.store_key
            and store_days.business_on = new_visits.business_on
    left join comebacks
        on
            store_days.store_key = comebacks.store_key
            and store_days.business_on = comebacks.business_on
    left join surveys
        on
            store_days.store_key = surveys.store_key
            and store_days.business_on = surveys.business_on
    left join complaints
        on
            store_days.store_key = complaints.store_key
            and store_days.business_on = complaints.business_on
    left join bay_hours
        on
            store_days.store_key = bay_hours.store_key
            and store_days.business_on = bay_hours.business_on
    left join technician_hours
        on
            store_days.store_key = technician_hours.store_key
            and store_days.business_on = technician_hours.business_on
    left join appointments
        on
            store_days.store_key = appointments.store_key
            and store_days.business_on = appointments.business_on
    left join parts_demand
        on
            store_days.store_key = parts_demand.store_key
            and store_days.business_on = parts_demand.business_on
)

select * from final
