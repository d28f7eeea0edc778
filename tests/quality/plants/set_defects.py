"""For each set rule, the statements that break it, and nothing else, in a clean warehouse.

The facts agree with each other in many ways; a defect is planted in all tables that must agree, so
that one rule fires.
"""

from quality.plants.changes import (
    DAY,
    LATER,
    NEWEST,
    ORDER,
    STORE,
    change,
    change_first,
    change_order,
    copy_first,
    inflate_month,
    move_orders,
    reconciliation_break,
    resum,
    store_day,
)

SET_DEFECTS: dict[str, list[str]] = {
    "order_store_unknown": copy_first(
        "staging.stg_dms__repair_orders", "'S999' as store_id, 'RX1' as repair_order_no"
    ),
    "order_vehicle_unknown": change_order("vehicle_key = 'V999'"),
    "order_advisor_unknown": change_order("advisor_key = 'A999'"),
    "order_customer_unknown": change_order("source_customer_key = 'dms:C999'"),
    "line_technician_unknown": copy_first(
        "staging.stg_dms__labour_lines", "'T999' as technician_id, 'LX1' as labour_line_id"
    ),
    "line_service_item_unknown": copy_first(
        "staging.stg_dms__labour_lines", "'X999' as service_item_code, 'LX1' as labour_line_id"
    ),
    "line_part_unknown": copy_first(
        "staging.stg_dms__part_lines", "'X999' as part_no, 'QX1' as part_line_id"
    ),
    "stock_part_unknown": copy_first("marts.fct_parts_stock", "'X999' as part_key"),
    "occupancy_bay_unknown": copy_first(
        "staging.stg_dms__bay_occupancy", "'B999' as bay_id, 'OX1' as occupancy_id"
    ),
    "clock_technician_unknown": copy_first(
        "staging.stg_dms__clock_events", "'T999' as technician_id, 'KX1' as clock_event_id"
    ),
    "appointment_order_unknown": change_first(
        "fct_appointments",
        "appointment_key",
        "repair_order_key = 'S001:RX1'",
        "repair_order_key is not null",
    ),
    "appointment_entered_twice": [
        "update marts.fct_appointments as second "
        "set vehicle_key = first.vehicle_key, booked_at = first.booked_at, "
        "due_at = first.due_at "
        "from (select min(appointment_key) as first_key, max(appointment_key) as second_key "
        "from marts.fct_appointments where not is_cancelled "
        f"and {store_day(DAY)}) as pair, marts.fct_appointments as first "
        "where first.appointment_key = pair.first_key "
        "and second.appointment_key = pair.second_key"
    ],
    "survey_order_unknown": change_first(
        "fct_surveys", "survey_key", "repair_order_key = 'S001:RX1'"
    ),
    "complaint_order_unknown": change_first(
        "fct_complaints", "complaint_key", "repair_order_key = 'S001:RX1'"
    ),
    "vehicle_owner_unknown": change_first(
        "dim_vehicle", "vehicle_key", "source_customer_key = 'dms:C999'"
    ),
    "target_store_unknown": copy_first("marts.fct_targets", "'S999' as store_key"),
    "cost_line_store_unknown": copy_first(
        "marts.fct_cost_lines",
        "'S999' as store_key, 'GX1' as cost_line_key, 0 as amount",
        "store_key is not null",
    ),
    "labour_line_without_order": copy_first(
        "staging.stg_dms__labour_lines", "'RX1' as repair_order_no, 'LX1' as labour_line_id"
    ),
    "part_line_without_order": copy_first(
        "staging.stg_dms__part_lines", "'RX1' as repair_order_no, 'QX1' as part_line_id"
    ),
    "order_total_differs_from_lines": change_order(
        "header_total_amount = header_total_amount + 100"
    ),
    "closed_order_without_lines": change_order("line_count = 0"),
    "order_revenue_differs_from_lines": change_first(
        "fct_repair_order_lines", "line_key", "revenue_amount = revenue_amount + 1"
    ),
    "store_day_differs_from_facts": [
        change("fct_store_day", "revenue_amount = revenue_amount + 1", store_day(DAY)),
        change(
            "fct_store_month",
            "revenue_amount = revenue_amount + 1",
            f"store_key = {STORE} and month_start_on = date_trunc('month', {DAY})",
        ),
    ],
    "store_month_differs_from_days": [
        change(
            "fct_store_month",
            "revenue_amount = revenue_amount + 1",
            f"store_key = {STORE} and month_start_on = date_trunc('month', {DAY})",
        )
    ],
    "pnl_differs_from_ledger": [
        change(
            "fct_pnl_lines",
            "amount = amount + 0.01",
            f"store_key = {STORE} and month_start_on = date '2025-09-01' "
            "and line_code = 'shared_marketing'",
        )
    ],
    "part_exceeds_whole": [
        change(
            "fct_store_day",
            "parts_lost_line_count = parts_demand_line_count + 1",
            store_day(DAY),
        )
    ],
    "nps_parts_differ_from_answers": [
        change("fct_store_day", "detractor_count = detractor_count + 1", store_day(DAY))
    ],
    "parts_demand_split_differs": [
        "update marts.fct_parts_demand set lost_quantity = lost_quantity + 1 where "
        "(store_key, part_key, business_on) = "
        "(select (store_key, part_key, business_on) from marts.fct_parts_demand order by 1 limit 1)"
    ],
    "store_day_missing": move_orders(DAY, LATER),
    "order_count_unusual": move_orders(
        DAY,
        LATER,
        "repair_order_key not in (select repair_order_key from marts.fct_repair_orders "
        f"where {store_day(DAY)} and not is_cancelled order by 1 limit 3)",
    ),
    "store_not_reported": move_orders(NEWEST, "date '2025-10-24'"),
    "store_without_capacity": [
        change("fct_store_day", "bay_available_minutes = 0", store_day(DAY)),
        change("fct_bay_hours", "available_minutes = 0", store_day(DAY)),
    ],
    "stage_times_out_of_order": [
        change(
            "fct_order_stages",
            "bay_entered_at = arrived_at - interval 1 hour",
            f"repair_order_key = {ORDER}",
        )
    ],
    "order_open_too_long": change_order("is_closed = false, status = 'open'"),
    "odometer_rolled_back": [
        "update marts.fct_repair_orders set odometer_km = 1 where repair_order_key = "
        "(select arg_max(repair_order_key, (opened_at, repair_order_key)) "
        "from marts.fct_repair_orders where not is_cancelled and odometer_km is not null "
        "group by vehicle_key having count(*) > 2 and min(odometer_km) > 1000 "
        "order by vehicle_key limit 1)"
    ],
    "comeback_link_broken": change_first(
        "fct_comebacks",
        "repair_order_key",
        "first_comeback_repair_order_key = 'S001:RX1'",
        "has_comeback",
    ),
    "bay_intervals_overlap": change_first(
        "fct_bay_hours", "(bay_key, business_on)", "overlapping_minutes = 30"
    ),
    "bay_utilisation_above_limit": [
        *change_first(
            "fct_bay_hours",
            "(bay_key, business_on)",
            "productive_minutes = available_minutes * 1.5",
            "available_minutes > 0",
        ),
        resum("bay_productive_minutes", "fct_bay_hours", "productive_minutes"),
    ],
    "technician_worked_above_limit": [
        *change_first(
            "fct_technician_hours",
            "(technician_key, business_on)",
            "worked_minutes = available_minutes * 1.5",
            "available_minutes > 0",
        ),
        resum("technician_worked_minutes", "fct_technician_hours", "worked_minutes"),
    ],
    "customer_keyed_repeatedly": [
        "update marts.bridge_customer_sources set customer_key = (select max(customer_key) "
        "from marts.bridge_customer_sources where system_name = 'dms') where source_customer_key = "
        "(select min(source_customer_key) from marts.bridge_customer_sources "
        "where system_name = 'dms')"
    ],
    "customer_not_merged": [
        "update marts.dim_customer as customers set customer_name = others.customer_name, "
        "phone = others.phone from (select * from marts.dim_customer where is_phone_reachable "
        "order by customer_key limit 1) as others where customers.customer_key = "
        "(select max(customer_key) from marts.dim_customer where is_phone_reachable)"
    ],
    "customer_record_resolved_twice": copy_first(
        "staging.stg_dms__customers", "'C999999' as customer_id"
    ),
    "customer_visits_differ": change_first(
        "dim_customer", "customer_key", "first_visit_on = last_visit_on + 1", "visit_count > 0"
    ),
    "vin_on_two_vehicles": [
        "update marts.dim_vehicle set vin = (select arg_min(vin, vehicle_key) "
        "from marts.dim_vehicle where is_vin_valid) where vehicle_key = "
        "(select max(vehicle_key) from marts.dim_vehicle where is_vin_valid)"
    ],
    "survey_response_share_unusual": [
        change(
            "fct_store_month",
            "survey_response_count = survey_sent_count",
            f"store_key = {STORE} and month_start_on = date_trunc('month', {DAY})",
        )
    ],
    "stock_day_missing": [f"delete from marts.fct_parts_stock where {store_day(DAY)}"],
    "stock_differs_from_movements": [
        "update marts.fct_parts_stock set quantity_on_hand = quantity_on_hand + 5 "
        f"where {store_day(NEWEST)} and part_key = (select min(part_key) "
        f"from marts.fct_parts_stock where {store_day(NEWEST)})"
    ],
    "target_missing": [
        f"delete from marts.fct_targets where store_key = {STORE} "
        "and month_start_on = date '2025-09-01' and metric_code = 'revenue'"
    ],
    "target_basis_mixed": [
        "update marts.fct_targets set target_basis = 'to_date' "
        f"where store_key = {STORE} and month_start_on = date '2025-09-01' "
        "and metric_code = 'revenue'"
    ],
    "target_parts_differ": copy_first(
        "marts.fct_targets", "'revenue_service' as metric_code, target_value / 2 as target_value"
    ),
    "cost_account_missing": [
        f"delete from marts.fct_cost_lines where store_key = {STORE} "
        "and month_start_on = date '2025-09-01' and account_code = 'rent'",
        change(
            "fct_pnl_lines",
            "amount = 0",
            f"store_key = {STORE} and month_start_on = date '2025-09-01' "
            "and line_code = 'cost_rent'",
        ),
    ],
    "store_month_revenue_unusual": inflate_month(),
    "ledger_booked_in_other_month": reconciliation_break("orders_ledger", "booked_later"),
    "ledger_document_missing": reconciliation_break("orders_ledger", "missing_in_ledger"),
    "ledger_amount_differs": reconciliation_break("orders_ledger", "tax_basis"),
    "ledger_order_unknown": reconciliation_break("orders_ledger", "missing_in_dms"),
    "survey_contradicts_order": reconciliation_break("surveys_orders", "before_closing"),
    "rows_not_as_usual": [
        "insert into quality.dq_learned_normals by name select 'planted' as normal_key, "
        f"'row_count' as rule_code, {STORE} as store_key, 'dms.repair_orders' as table_name, "
        f"{NEWEST} as business_on, 12 as observed_value, 31 as expected_value, true as is_alarm"
    ],
    "source_row_rejected": [
        "insert into landing.rejects "
        "(system, table_name, batch_id, source_file, row_number, reason) "
        "values ('crm', 'surveys', '2025-10', "
        "'crm/surveys/2025-10.csv', 7, 'too few columns')"
    ],
    "threshold_ambiguous": copy_first(
        "reference.thresholds", "value + 1 as value", "threshold_code = 'max_odometer_km'"
    ),
    "benchmark_stale": [
        "update reference.benchmarks set valid_until = date '2025-10-30' "
        "where benchmark_code = 'nps_national'"
    ],
    "rows_not_accounted": [
        "update quality.dq_row_accounting set rows_landed = rows_landed + 1 "
        "where system = 'dms' and table_name = 'stores' and batch_id = "
        "(select min(batch_id) from quality.dq_row_accounting)"
    ],
}
