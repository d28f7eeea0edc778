"""For each set rule, the statements that break it, and nothing else, in a clean warehouse.

The facts agree with each other in many ways; a defect is planted in all tables that must agree, so
that one rule fires.
"""

ORDER = """(
    select min(repair_order_key) from marts.fct_repair_orders
    where is_closed and not is_cancelled and order_type = 'maintenance'
        and business_on between date '2025-03-01' and date '2025-03-31'
)"""
STORE = "'S002'"
# An ordinary working day, the same weekday a week later in the same month, the last day.
DAY, LATER, NEWEST = "date '2025-09-09'", "date '2025-09-16'", "date '2025-10-31'"

# What a store-day counts of the orders opened on it.
_OPENED_COUNTS = (
    "order_count",
    "closed_order_count",
    "cancelled_order_count",
    "visit_count",
    "new_customer_visit_count",
    "labour_amount",
    "part_amount",
    "discount_amount",
    "revenue_amount",
    "cost_amount",
    "gross_profit_amount",
    "hours_sold",
    "package_order_count",
    "package_eligible_order_count",
    "promised_closed_order_count",
    "on_time_order_count",
)


def _change(table: str, change: str, where: str) -> str:
    return f"update marts.{table} set {change} where {where}"


def _change_order(change: str) -> list[str]:
    return [_change("fct_repair_orders", change, f"repair_order_key = {ORDER}")]


def _change_first(table: str, key: str, change: str, where: str = "true") -> list[str]:
    first = f"(select min({key}) from marts.{table} where {where})"
    return [_change(table, change, f"{key} = {first}")]


def _copy_first(table: str, replace: str, where: str = "true") -> list[str]:
    return [f"insert into {table} select * replace ({replace}) from {table} where {where} limit 1"]


def _store_day(day: str) -> str:
    return f"store_key = {STORE} and business_on = {day}"


def _move_orders(day: str, to_day: str, which: str = "true") -> list[str]:
    """Let orders of a day happen on another day, in every table that must agree."""
    moved = f"select repair_order_key from marts.fct_repair_orders where {_store_day(day)}"
    recount = ", ".join(f"{name} = 0" for name in _OPENED_COUNTS)
    both = f"store_key = {STORE} and business_on in ({day}, {to_day})"
    sums = """
        select business_on, sum(case when is_cancelled then 0 else 1 end) as order_count,
            count(distinct case when not is_cancelled then visit_key end) as visit_count,
            sum(revenue_amount) as revenue_amount
        from marts.fct_repair_orders group by business_on, store_key having store_key = """
    month = f"store_key = {STORE} and month_start_on = date_trunc('month', {day})"
    return [
        f"create temp table moved as {moved} and {which}",
        "update marts.fct_comebacks set first_comeback_repair_order_key = null "
        "where first_comeback_repair_order_key in (select repair_order_key from moved)",
        *(
            _change(
                table,
                f"business_on = {to_day}",
                "repair_order_key in (select repair_order_key from moved)",
            )
            for table in ("fct_repair_orders", "fct_repair_order_lines")
        ),
        _change("fct_store_day", recount, both),
        "update marts.fct_store_day as days set order_count = sums.order_count, "
        "visit_count = sums.visit_count, revenue_amount = sums.revenue_amount "
        f"from ({sums}{STORE}) as sums where days.business_on = sums.business_on "
        f"and days.store_key = {STORE} and days.business_on in ({day}, {to_day})",
        "update marts.fct_store_month set visit_count = (select sum(visit_count) "
        f"from marts.fct_store_day where store_key = {STORE} "
        f"and date_trunc('month', business_on) = date_trunc('month', {day})) where {month}",
    ]


def _resum(measure: str, fact: str, column: str) -> str:
    """Let the store-days say what a changed fact says."""
    return (
        f"update marts.fct_store_day as days set {measure} = facts.total "
        f"from (select store_key, business_on, sum({column}) as total from marts.{fact} "
        "group by store_key, business_on) as facts "
        "where days.store_key = facts.store_key and days.business_on = facts.business_on"
    )


def _inflate_month() -> list[str]:
    """Multiply a store-month's revenue by 100, in every table that must agree."""
    days = f"store_key = {STORE} and date_trunc('month', business_on) = date '2025-05-01'"
    month = f"store_key = {STORE} and month_start_on = date '2025-05-01'"
    more = "revenue_amount = revenue_amount * 100"
    return [
        _change("fct_store_month", more, month),
        _change("fct_store_day", more, days),
        _change("fct_repair_order_lines", more, days),
        _change(
            "fct_repair_orders", f"{more}, header_total_amount = header_total_amount * 100", days
        ),
    ]


SET_DEFECTS: dict[str, list[str]] = {
    "order_store_unknown": _copy_first(
        "staging.stg_dms__repair_orders", "'S999' as store_id, 'RX1' as repair_order_no"
    ),
    "order_vehicle_unknown": _change_order("vehicle_key = 'V999'"),
    "order_advisor_unknown": _change_order("advisor_key = 'A999'"),
    "order_customer_unknown": _change_order("source_customer_key = 'dms:C999'"),
    "line_technician_unknown": _change_first(
        "fct_repair_order_lines", "line_key", "technician_key = 'T999'", "line_type = 'labour'"
    ),
    "line_service_item_unknown": _change_first(
        "fct_repair_order_lines", "line_key", "service_item_key = 'X999'", "line_type = 'labour'"
    ),
    "line_part_unknown": _change_first(
        "fct_repair_order_lines", "line_key", "part_key = 'X999'", "line_type = 'part'"
    ),
    "stock_part_unknown": _copy_first("marts.fct_parts_stock", "'X999' as part_key"),
    "occupancy_bay_unknown": _copy_first(
        "staging.stg_dms__bay_occupancy", "'B999' as bay_id, 'OX1' as occupancy_id"
    ),
    "clock_technician_unknown": _copy_first(
        "staging.stg_dms__clock_events", "'T999' as technician_id, 'KX1' as clock_event_id"
    ),
    "appointment_order_unknown": _change_first(
        "fct_appointments",
        "appointment_key",
        "repair_order_key = 'S001:RX1'",
        "repair_order_key is not null",
    ),
    "survey_order_unknown": _change_first(
        "fct_surveys", "survey_key", "repair_order_key = 'S001:RX1'"
    ),
    "complaint_order_unknown": _change_first(
        "fct_complaints", "complaint_key", "repair_order_key = 'S001:RX1'"
    ),
    "vehicle_owner_unknown": _change_first(
        "dim_vehicle", "vehicle_key", "source_customer_key = 'dms:C999'"
    ),
    "target_store_unknown": _copy_first("marts.fct_targets", "'S999' as store_key"),
    "cost_line_store_unknown": _copy_first(
        "marts.fct_cost_lines", "'S999' as store_key, 'GX1' as cost_line_key"
    ),
    "labour_line_without_order": _copy_first(
        "staging.stg_dms__labour_lines", "'RX1' as repair_order_no, 'LX1' as labour_line_id"
    ),
    "part_line_without_order": _copy_first(
        "staging.stg_dms__part_lines", "'RX1' as repair_order_no, 'QX1' as part_line_id"
    ),
    "order_total_differs_from_lines": _change_order(
        "header_total_amount = header_total_amount + 100"
    ),
    "closed_order_without_lines": _change_order("line_count = 0"),
    "order_revenue_differs_from_lines": _change_first(
        "fct_repair_order_lines", "line_key", "revenue_amount = revenue_amount + 1"
    ),
    "store_day_differs_from_facts": [
        _change("fct_store_day", "revenue_amount = revenue_amount + 1", _store_day(DAY)),
        _change(
            "fct_store_month",
            "revenue_amount = revenue_amount + 1",
            f"store_key = {STORE} and month_start_on = date_trunc('month', {DAY})",
        ),
    ],
    "store_month_differs_from_days": [
        _change(
            "fct_store_month",
            "revenue_amount = revenue_amount + 1",
            f"store_key = {STORE} and month_start_on = date_trunc('month', {DAY})",
        )
    ],
    "part_exceeds_whole": [
        _change(
            "fct_store_day",
            "parts_lost_line_count = parts_demand_line_count + 1",
            _store_day(DAY),
        )
    ],
    "nps_parts_differ_from_answers": [
        _change("fct_store_day", "detractor_count = detractor_count + 1", _store_day(DAY))
    ],
    "parts_demand_split_differs": [
        "update marts.fct_parts_demand set lost_quantity = lost_quantity + 1 where "
        "(store_key, part_key, business_on) = "
        "(select (store_key, part_key, business_on) from marts.fct_parts_demand order by 1 limit 1)"
    ],
    "store_day_missing": _move_orders(DAY, LATER),
    "order_count_unusual": _move_orders(
        DAY,
        LATER,
        "repair_order_key not in (select repair_order_key from marts.fct_repair_orders "
        f"where {_store_day(DAY)} and not is_cancelled order by 1 limit 3)",
    ),
    "store_not_reported": _move_orders(NEWEST, "date '2025-10-24'"),
    "store_without_capacity": [
        _change("fct_store_day", "bay_available_minutes = 0", _store_day(DAY)),
        _change("fct_bay_hours", "available_minutes = 0", _store_day(DAY)),
    ],
    "stage_times_out_of_order": [
        _change(
            "fct_order_stages",
            "bay_entered_at = arrived_at - interval 1 hour",
            f"repair_order_key = {ORDER}",
        )
    ],
    "order_open_too_long": _change_order("is_closed = false, status = 'open'"),
    "odometer_rolled_back": [
        "update marts.fct_repair_orders set odometer_km = 1 where repair_order_key = "
        "(select arg_max(repair_order_key, (opened_at, repair_order_key)) "
        "from marts.fct_repair_orders where not is_cancelled and odometer_km is not null "
        "group by vehicle_key having count(*) > 2 and min(odometer_km) > 1000 "
        "order by vehicle_key limit 1)"
    ],
    "comeback_link_broken": _change_first(
        "fct_comebacks",
        "repair_order_key",
        "first_comeback_repair_order_key = 'S001:RX1'",
        "has_comeback",
    ),
    "bay_intervals_overlap": _change_first(
        "fct_bay_hours", "(bay_key, business_on)", "overlapping_minutes = 30"
    ),
    "bay_utilisation_above_limit": [
        *_change_first(
            "fct_bay_hours",
            "(bay_key, business_on)",
            "productive_minutes = available_minutes * 1.5",
            "available_minutes > 0",
        ),
        _resum("bay_productive_minutes", "fct_bay_hours", "productive_minutes"),
    ],
    "technician_worked_above_limit": [
        *_change_first(
            "fct_technician_hours",
            "(technician_key, business_on)",
            "worked_minutes = available_minutes * 1.5",
            "available_minutes > 0",
        ),
        _resum("technician_worked_minutes", "fct_technician_hours", "worked_minutes"),
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
    "customer_record_resolved_twice": _copy_first(
        "staging.stg_dms__customers", "'C999999' as customer_id"
    ),
    "customer_visits_differ": _change_first(
        "dim_customer", "customer_key", "first_visit_on = last_visit_on + 1", "visit_count > 0"
    ),
    "vin_on_two_vehicles": [
        "update marts.dim_vehicle set vin = (select arg_min(vin, vehicle_key) "
        "from marts.dim_vehicle where is_vin_valid) where vehicle_key = "
        "(select max(vehicle_key) from marts.dim_vehicle where is_vin_valid)"
    ],
    "survey_response_share_unusual": [
        _change(
            "fct_store_month",
            "survey_response_count = survey_sent_count",
            f"store_key = {STORE} and month_start_on = date_trunc('month', {DAY})",
        )
    ],
    "stock_day_missing": [f"delete from marts.fct_parts_stock where {_store_day(DAY)}"],
    "stock_differs_from_movements": [
        "update marts.fct_parts_stock set quantity_on_hand = quantity_on_hand + 5 "
        f"where {_store_day(NEWEST)} and part_key = (select min(part_key) "
        f"from marts.fct_parts_stock where {_store_day(NEWEST)})"
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
    "cost_account_missing": [
        f"delete from marts.fct_cost_lines where store_key = {STORE} "
        "and month_start_on = date '2025-09-01' and account_code = 'rent'"
    ],
    "store_month_revenue_unusual": _inflate_month(),
    "source_row_rejected": [
        "insert into landing.rejects (system, table_name, batch_id, source_file, row_number, reason) "
        "values ('crm', 'surveys', '2025-10', 'crm/surveys/2025-10.csv', 7, 'too few columns')"
    ],
    "threshold_ambiguous": _copy_first(
        "reference.thresholds", "value + 1 as value", "threshold_code = 'max_odometer_km'"
    ),
    "rows_not_accounted": [
        "update quality.dq_row_accounting set rows_landed = rows_landed + 1 "
        "where system = 'dms' and table_name = 'stores' and batch_id = "
        "(select min(batch_id) from quality.dq_row_accounting)"
    ],
}
