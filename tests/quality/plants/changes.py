"""Changes to a built warehouse that keep its tables in agreement."""

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
    "appointment_order_count",
    "paper_order_count",
    "quality_checked_order_count",
    "quality_first_pass_order_count",
    "customer_paid_order_count",
)

_RECOUNTED = (
    "order_count",
    "cancelled_order_count",
    "visit_count",
    "revenue_amount",
    "gross_profit_amount",
    "hours_sold",
)

# The store day as it is served, and as it was computed.
_STORE_DAYS = ("marts.fct_store_day", "intermediate.int_store_day_parts")


def change(table: str, assignment: str, where: str) -> str:
    """Change some rows of a mart; of the store day also as it was computed."""
    changed = f"update marts.{table} set {assignment} where {where}"
    if table == "fct_store_day":
        computed = f"update intermediate.int_store_day_parts set {assignment} where {where}"
        return f"{changed}; {computed}"
    return changed


def change_order(assignment: str) -> list[str]:
    """Change an old, settled maintenance order."""
    return [change("fct_repair_orders", assignment, f"repair_order_key = {ORDER}")]


def change_first(table: str, key: str, assignment: str, where: str = "true") -> list[str]:
    """Change the row with the smallest key."""
    first = f"(select min({key}) from marts.{table} where {where})"
    return [change(table, assignment, f"{key} = {first}")]


def copy_first(table: str, replace: str, where: str = "true") -> list[str]:
    """Add a copy of a row with some columns replaced."""
    return [f"insert into {table} select * replace ({replace}) from {table} where {where} limit 1"]


def store_day(day: str) -> str:
    """The condition for a day of the store."""
    return f"store_key = {STORE} and business_on = {day}"


def move_orders(day: str, to_day: str, which: str = "true") -> list[str]:
    """Let orders of a day happen on another day, in every table that must agree."""
    moved = f"select repair_order_key from marts.fct_repair_orders where {store_day(day)}"
    nothing = ", ".join(f"{name} = 0" for name in _OPENED_COUNTS)
    recounted = ", ".join(f"{name} = sums.{name}" for name in _RECOUNTED)
    both = f"store_key = {STORE} and business_on in ({day}, {to_day})"
    sums = """
        select business_on, sum(case when is_cancelled then 0 else 1 end) as order_count,
            sum(case when is_cancelled then 1 else 0 end) as cancelled_order_count,
            count(distinct case when not is_cancelled then visit_key end) as visit_count,
            sum(revenue_amount) as revenue_amount,
            sum(gross_profit_amount) as gross_profit_amount,
            sum(hours_sold) as hours_sold
        from marts.fct_repair_orders group by business_on, store_key having store_key = """
    month = f"store_key = {STORE} and month_start_on = date_trunc('month', {day})"
    return [
        f"create temp table moved as {moved} and {which}",
        "update marts.fct_comebacks set first_comeback_repair_order_key = null "
        "where first_comeback_repair_order_key in (select repair_order_key from moved)",
        *(
            change(
                table,
                f"business_on = {to_day}",
                "repair_order_key in (select repair_order_key from moved)",
            )
            for table in ("fct_repair_orders", "fct_repair_order_lines")
        ),
        change("fct_store_day", nothing, both),
        *(
            f"update {table} as days set {recounted} "
            f"from ({sums}{STORE}) as sums where days.business_on = sums.business_on "
            f"and days.store_key = {STORE} and days.business_on in ({day}, {to_day})"
            for table in _STORE_DAYS
        ),
        "update marts.fct_store_month set visit_count = (select sum(visit_count) "
        f"from marts.fct_store_day where store_key = {STORE} "
        f"and date_trunc('month', business_on) = date_trunc('month', {day})) where {month}",
    ]


def resum(measure: str, fact: str, column: str) -> str:
    """Let the store-days say what a changed fact says."""
    return "; ".join(
        f"update {table} as days set {measure} = facts.total "
        f"from (select store_key, business_on, sum({column}) as total from marts.{fact} "
        "group by store_key, business_on) as facts "
        "where days.store_key = facts.store_key and days.business_on = facts.business_on"
        for table in _STORE_DAYS
    )


def inflate_month() -> list[str]:
    """Multiply a store-month's revenue by 100, in every table that must agree."""
    days = f"store_key = {STORE} and date_trunc('month', business_on) = date '2025-05-01'"
    month = f"store_key = {STORE} and month_start_on = date '2025-05-01'"
    more = "revenue_amount = revenue_amount * 100"
    return [
        change("fct_store_month", more, month),
        change("fct_store_day", more, days),
        change("fct_repair_order_lines", more, days),
        change(
            "fct_repair_orders", f"{more}, header_total_amount = header_total_amount * 100", days
        ),
    ]


def reconciliation_break(pair: str, reason: str) -> list[str]:
    """List one record of a pair as a break."""
    return [
        "insert into marts.fct_reconciliation_breaks by name "
        f"select '{pair}:S002:RX1' as break_key, '{pair}' as pair_code, {STORE} as store_key, "
        f"date_trunc('month', {DAY}) as month_start_on, {DAY} as business_on, "
        "'S002:RX1' as record_key, 'RX1' as record_name, 100 as left_value, 0 as right_value, "
        f"100 as difference_value, {DAY} as counterpart_on, '{reason}' as reason_code"
    ]
