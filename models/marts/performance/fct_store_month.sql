with

fct_store_day as (
    select * from {{ ref('fct_store_day') }}
),

fct_cost_lines as (
    select * from {{ ref('fct_cost_lines') }}
),

fct_targets as (
    select * from {{ ref('fct_targets') }}
),

known_parts as (
    select * from {{ ref('int_known_parts') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

months as (
    select
        fct_store_day.store_key,
        dates.month_start_on,
        count(*) as day_count,
        sum(fct_store_day.order_count) as order_count,
        sum(fct_store_day.closed_order_count) as closed_order_count,
        sum(fct_store_day.cancelled_order_count) as cancelled_order_count,
        sum(fct_store_day.visit_count) as visit_count,
        sum(fct_store_day.new_customer_visit_count) as new_customer_visit_count,
        sum(fct_store_day.labour_amount) as labour_amount,
        sum(fct_store_day.part_amount) as part_amount,
        sum(fct_store_day.discount_amount) as discount_amount,
        sum(fct_store_day.revenue_amount) as revenue_amount,
        sum(fct_store_day.cost_amount) as cost_amount,
        sum(fct_store_day.gross_profit_amount) as gross_profit_amount,
        sum(fct_store_day.hours_sold) as hours_sold,
        sum(fct_store_day.package_order_count) as package_order_count,
        sum(fct_store_day.package_eligible_order_count) as package_eligible_order_count,
        sum(fct_store_day.promised_closed_order_count) as promised_closed_order_count,
        sum(fct_store_day.on_time_order_count) as on_time_order_count,
        sum(fct_store_day.comeback_eligible_order_count) as comeback_eligible_order_count,
        sum(fct_store_day.comeback_order_count) as comeback_order_count,
        sum(fct_store_day.strict_fixed_order_count) as strict_fixed_order_count,
        sum(fct_store_day.survey_sent_count) as survey_sent_count,
        sum(fct_store_day.survey_response_count) as survey_response_count,
        sum(fct_store_day.nps_response_count) as nps_response_count,
        sum(fct_store_day.promoter_count) as promoter_count,
        sum(fct_store_day.passive_count) as passive_count,
        sum(fct_store_day.detractor_count) as detractor_count,
        sum(fct_store_day.csi_response_count) as csi_response_count,
        sum(fct_store_day.csi_score_sum) as csi_score_sum,
        sum(fct_store_day.complaint_count) as complaint_count,
        sum(fct_store_day.bay_day_count) as bay_day_count,
        sum(fct_store_day.bay_available_minutes) as bay_available_minutes,
        sum(fct_store_day.bay_productive_minutes) as bay_productive_minutes,
        sum(fct_store_day.bay_blocked_minutes) as bay_blocked_minutes,
        sum(fct_store_day.technician_day_count) as technician_day_count,
        sum(fct_store_day.technician_available_minutes) as technician_available_minutes,
        sum(fct_store_day.technician_worked_minutes) as technician_worked_minutes,
        sum(fct_store_day.technician_hours_sold) as technician_hours_sold,
        sum(fct_store_day.appointment_due_count) as appointment_due_count,
        sum(fct_store_day.appointment_show_count) as appointment_show_count,
        sum(fct_store_day.customer_wait_minutes_sum) as customer_wait_minutes_sum,
        sum(fct_store_day.customer_wait_order_count) as customer_wait_order_count,
        sum(fct_store_day.cycle_minutes_sum) as cycle_minutes_sum,
        sum(fct_store_day.cycle_order_count) as cycle_order_count,
        sum(fct_store_day.parts_demand_line_count) as parts_demand_line_count,
        sum(fct_store_day.parts_shelf_line_count) as parts_shelf_line_count,
        sum(fct_store_day.parts_lost_line_count) as parts_lost_line_count,
        sum(fct_store_day.labour_revenue_amount) as labour_revenue_amount,
        sum(fct_store_day.labour_cost_amount) as labour_cost_amount,
        sum(fct_store_day.appointment_order_count) as appointment_order_count,
        sum(fct_store_day.paper_order_count) as paper_order_count,
        sum(fct_store_day.customer_paid_order_count) as customer_paid_order_count,
        sum(fct_store_day.customer_paid_revenue_amount) as customer_paid_revenue_amount,
        sum(fct_store_day.quality_checked_order_count) as quality_checked_order_count,
        sum(fct_store_day.quality_first_pass_order_count) as quality_first_pass_order_count
    from fct_store_day
    inner join dates on fct_store_day.business_on = dates.date_on
    group by fct_store_day.store_key, dates.month_start_on
),

costs as (
    select
        store_key,
        month_start_on,
        sum(amount) as operating_cost_amount,
        sum(case when is_fixed then amount else 0 end) as fixed_cost_amount,
        sum(case when account_code = 'marketing' then amount else 0 end) as marketing_cost_amount,
        sum(case when account_code = 'overtime' then amount else 0 end) as overtime_cost_amount
    from fct_cost_lines
    group by store_key, month_start_on
),

targets as (
    select
        store_key,
        month_start_on,
        max(case when metric_code = 'revenue' then target_value end) as revenue_target_amount,
        max(case when metric_code = 'visits' then target_value end) as visit_target_count,
        min(target_basis) as target_basis
    from fct_targets
    where metric_code in ('revenue', 'visits')
    group by store_key, month_start_on
),

final as (
    select
        months.store_key,
        months.month_start_on,
        cast(months.day_count as {{ dbt.type_int() }}) as day_count,
        cast(months.order_count as {{ dbt.type_int() }}) as order_count,
        cast(months.closed_order_count as {{ dbt.type_int() }}) as closed_order_count,
        cast(months.cancelled_order_count as {{ dbt.type_int() }}) as cancelled_order_count,
        cast(months.visit_count as {{ dbt.type_int() }}) as visit_count,
        cast(months.new_customer_visit_count as {{ dbt.type_int() }}) as new_customer_visit_count,
        cast(months.labour_amount as {{ numeric_type(18, 2) }}) as labour_amount,
        cast(months.part_amount as {{ numeric_type(18, 2) }}) as part_amount,
        cast(months.discount_amount as {{ numeric_type(18, 2) }}) as discount_amount,
        cast(months.revenue_amount as {{ numeric_type(18, 2) }}) as revenue_amount,
        cast(months.cost_amount as {{ numeric_type(18, 2) }}) as cost_amount,
        cast(months.gross_profit_amount as {{ numeric_type(18, 2) }}) as gross_profit_amount,
        cast(months.hours_sold as {{ numeric_type(18, 2) }}) as hours_sold,
        cast(months.package_order_count as {{ dbt.type_int() }}) as package_order_count,
        cast(months.package_eligible_order_count as {{ dbt.type_int() }})
            as package_eligible_order_count,
        cast(months.promised_closed_order_count as {{ dbt.type_int() }})
            as promised_closed_order_count,
        cast(months.on_time_order_count as {{ dbt.type_int() }}) as on_time_order_count,
        cast(months.comeback_eligible_order_count as {{ dbt.type_int() }})
            as comeback_eligible_order_count,
        cast(months.comeback_order_count as {{ dbt.type_int() }}) as comeback_order_count,
        cast(months.strict_fixed_order_count as {{ dbt.type_int() }}) as strict_fixed_order_count,
        cast(months.survey_sent_count as {{ dbt.type_int() }}) as survey_sent_count,
        cast(months.survey_response_count as {{ dbt.type_int() }}) as survey_response_count,
        cast(months.nps_response_count as {{ dbt.type_int() }}) as nps_response_count,
        cast(months.promoter_count as {{ dbt.type_int() }}) as promoter_count,
        cast(months.passive_count as {{ dbt.type_int() }}) as passive_count,
        cast(months.detractor_count as {{ dbt.type_int() }}) as detractor_count,
        cast(months.csi_response_count as {{ dbt.type_int() }}) as csi_response_count,
        cast(months.csi_score_sum as {{ numeric_type(18, 2) }}) as csi_score_sum,
        cast(months.complaint_count as {{ dbt.type_int() }}) as complaint_count,
        cast(months.bay_day_count as {{ dbt.type_int() }}) as bay_day_count,
        cast(months.bay_available_minutes as {{ numeric_type(18, 2) }}) as bay_available_minutes,
        cast(months.bay_productive_minutes as {{ numeric_type(18, 2) }}) as bay_productive_minutes,
        cast(months.bay_blocked_minutes as {{ numeric_type(18, 2) }}) as bay_blocked_minutes,
        cast(months.technician_day_count as {{ dbt.type_int() }}) as technician_day_count,
        cast(months.technician_available_minutes as {{ numeric_type(18, 2) }})
            as technician_available_minutes,
        cast(months.technician_worked_minutes as {{ numeric_type(18, 2) }})
            as technician_worked_minutes,
        cast(months.technician_hours_sold as {{ numeric_type(18, 2) }}) as technician_hours_sold,
        cast(months.appointment_due_count as {{ dbt.type_int() }}) as appointment_due_count,
        cast(months.appointment_show_count as {{ dbt.type_int() }}) as appointment_show_count,
        cast(months.customer_wait_minutes_sum as {{ numeric_type(18, 2) }})
            as customer_wait_minutes_sum,
        cast(months.customer_wait_order_count as {{ dbt.type_int() }}) as customer_wait_order_count,
        cast(months.cycle_minutes_sum as {{ numeric_type(18, 2) }}) as cycle_minutes_sum,
        cast(months.cycle_order_count as {{ dbt.type_int() }}) as cycle_order_count,
        cast(months.parts_demand_line_count as {{ dbt.type_int() }}) as parts_demand_line_count,
        cast(months.parts_shelf_line_count as {{ dbt.type_int() }}) as parts_shelf_line_count,
        cast(months.parts_lost_line_count as {{ dbt.type_int() }}) as parts_lost_line_count,
        cast(months.labour_revenue_amount as {{ numeric_type(18, 2) }}) as labour_revenue_amount,
        cast(months.labour_cost_amount as {{ numeric_type(18, 2) }}) as labour_cost_amount,
        cast(months.appointment_order_count as {{ dbt.type_int() }}) as appointment_order_count,
        cast(months.paper_order_count as {{ dbt.type_int() }}) as paper_order_count,
        cast(months.customer_paid_order_count as {{ dbt.type_int() }}) as customer_paid_order_count,
        cast(months.customer_paid_revenue_amount as {{ numeric_type(18, 2) }})
            as customer_paid_revenue_amount,
        cast(months.quality_checked_order_count as {{ dbt.type_int() }})
            as quality_checked_order_count,
        cast(months.quality_first_pass_order_count as {{ dbt.type_int() }})
            as quality_first_pass_order_count,
        case
            when known_parts.knows_operating_cost_amount
                then cast(coalesce(costs.operating_cost_amount, 0) as {{ numeric_type(18, 2) }})
        end as operating_cost_amount,
        case
            when known_parts.knows_fixed_cost_amount
                then cast(coalesce(costs.fixed_cost_amount, 0) as {{ numeric_type(18, 2) }})
        end as fixed_cost_amount,
        case
            when known_parts.knows_marketing_cost_amount
                then cast(coalesce(costs.marketing_cost_amount, 0) as {{ numeric_type(18, 2) }})
        end as marketing_cost_amount,
        case
            when known_parts.knows_overtime_cost_amount
                then cast(coalesce(costs.overtime_cost_amount, 0) as {{ numeric_type(18, 2) }})
        end as overtime_cost_amount,
        cast(targets.revenue_target_amount as {{ numeric_type(18, 2) }}) as revenue_target_amount,
        cast(targets.visit_target_count as {{ dbt.type_int() }}) as visit_target_count,
        targets.target_basis
    from months
    inner join known_parts on months.store_key = known_parts.store_key
    left join costs
        on
            months.store_key = costs.store_key
            and months.month_start_on = costs.month_start_on
    left join targets
        on
            months.store_key = targets.store_key
            and months.month_start_on = targets.month_start_on
)

select * from final
