"""Landed rows as they are believed: cleaned, judged and in their newest version, apart from dbt.

Of the rows of a batch with one key the first is kept, a row that breaks a rule of its table is left
out, and of what remains the newest batch wins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from aftersales.settings import Settings

SEEDS = Settings().project_dir / "seeds"
LOWER = {
    "channel", "order_type", "fault_system", "pay_type", "status", "entry_channel",
    "occupancy_kind", "clock_kind", "fill_status", "service_line", "bay_type", "skill_level",
    "customer_kind", "energy_type", "acquisition_channel", "survey_channel", "reason_code",
    "topic_code", "cost_centre", "account_code", "metric_code", "target_unit", "target_basis",
    "part_category",
}  # fmt: skip
UPPER = {"vin", "plate_no", "store_class", "abc_class"}
MONTH = "'^20[0-9][0-9]-(0[1-9]|1[0-2])$'"
STAMPED = "(updated_at is not null and try_cast(updated_at as timestamp) is null)"


@dataclass(frozen=True)
class Landed:
    """A landed table: where it lies, its key, what makes a row wrong, types of columns in text."""

    place: str
    key: str
    wrong: Sequence[str] = ()
    types: dict[str, str] = field(default_factory=dict)


def missing(*columns: str) -> str:
    """Say that a row lacks a value it must have."""
    return " or ".join(f"{column} is null" for column in columns)


def unknown(code_list: str, column: str) -> str:
    """Say that a value is on no list."""
    return f"{column} not in (select code from codes where code_list = '{code_list}')"


def later(*columns: str) -> str:
    """Say that something happened after the last day of its extract."""
    return " or ".join(f"{column} >= extract_end_at" for column in columns)


def below_zero(*columns: str) -> str:
    """Say that an amount is negative."""
    return " or ".join(f"{column} < 0" for column in columns)


TABLES = {
    "stores": Landed(
        "dms/stores", "store_id",
        [missing("store_name", "region_name", "opened_on", "time_zone")],
    ),
    "bays": Landed("dms/bays", "bay_id", [missing("store_id")]),
    "technicians": Landed("dms/technicians", "technician_id", [missing("store_id")]),
    "advisors": Landed("dms/advisors", "advisor_id", [missing("store_id")]),
    "service_items": Landed(
        "dms/service_items", "service_item_code", [unknown("service_line", "service_line")],
    ),
    "customers": Landed("dms/customers", "customer_id"),
    "vehicles": Landed("dms/vehicles", "vehicle_id"),
    "appointments": Landed(
        "dms/appointments", "store_id, appointment_id",
        [missing("due_at"), later("booked_at", "cancelled_at")],
    ),
    "repair_orders": Landed(
        "dms/repair_orders", "store_id, repair_order_no",
        [
            missing("vehicle_id", "opened_at", "order_type", "pay_type", "status"),
            unknown("order_type", "order_type"),
            unknown("pay_type", "pay_type"),
            unknown("repair_order_status", "status"),
            later("opened_at", "arrived_at", "closed_at"),
        ],
    ),
    "status_events": Landed(
        "dms/ro_status_events", "store_id, event_id",
        [
            missing("repair_order_no", "event_at", "status"),
            unknown("event_status", "status"),
            later("event_at"),
        ],
    ),
    "labour_lines": Landed(
        "dms/labour_lines", "store_id, labour_line_id",
        [
            missing(
                "repair_order_no", "service_item_code", "pay_type", "hours_sold", "labour_amount",
            ),
            unknown("pay_type", "pay_type"),
            below_zero("labour_amount", "hours_sold", "cost_amount", "discount_amount"),
            "labour_amount > 200000",
        ],
    ),
    "part_lines": Landed(
        "dms/part_lines", "store_id, part_line_id",
        [
            missing(
                "repair_order_no", "part_no", "pay_type", "fill_status", "quantity", "part_amount",
            ),
            unknown("pay_type", "pay_type"),
            unknown("fill_status", "fill_status"),
            below_zero(
                "quantity", "unit_price_amount", "part_amount", "discount_amount", "cost_amount",
            ),
            "part_amount > 200000",
        ],
    ),
    "bay_occupancy": Landed(
        "dms/bay_occupancy", "store_id, occupancy_id",
        [
            missing("bay_id", "started_at", "occupancy_kind"),
            unknown("occupancy_kind", "occupancy_kind"),
            "finished_at < started_at",
            later("started_at", "finished_at"),
        ],
    ),
    "clock_events": Landed(
        "dms/clock_events", "store_id, clock_event_id",
        [
            missing("technician_id", "clocked_on_at", "clock_kind"),
            unknown("clock_kind", "clock_kind"),
            "clocked_off_at < clocked_on_at",
            later("clocked_on_at", "clocked_off_at"),
        ],
    ),
    "crm_customers": Landed("crm/customers", "crm_customer_id", types={
        "is_member": "boolean", "created_at": "timestamp",
    }),
    "crm_vehicles": Landed("crm/vehicles", "crm_customer_id, vin"),
    "surveys": Landed(
        "crm/surveys", "survey_id",
        [
            missing("store_id", "sent_at"),
            "nps_score not between 0 and 10",
            "satisfaction_score not between 0 and 10",
            "csi_score not between 0 and 100",
            later("sent_at", "responded_at"),
        ],
        {
            "sent_at": "timestamp",
            "responded_at": "timestamp",
            "nps_score": "integer",
            "csi_score": "decimal(5, 2)",
            "satisfaction_score": "integer",
        },
    ),
    "complaints": Landed(
        "crm/complaints", "complaint_id",
        [missing("store_id", "opened_at"), later("opened_at", "closed_at")],
        {"opened_at": "timestamp", "closed_at": "timestamp"},
    ),
    "finance_customers": Landed("finance/customers", "account_no", types={
        "created_at": "timestamp",
    }),
    "targets": Landed(
        "finance/targets", "store_id, target_month, metric_code",
        [
            STAMPED,
            missing("target_value", "target_unit", "target_basis"),
            f"not regexp_full_match(target_month, {MONTH})",
            unknown("target_metric", "metric_code"),
            unknown("target_unit", "target_unit"),
            unknown("target_basis", "target_basis"),
            below_zero("target_value"),
            "target_unit = 'ratio' and target_value > 1.5",
            "target_unit = 'yuan' and metric_code = 'revenue' and target_value > 0 "
            "and target_value < 10000",
        ],
        {"target_value": "decimal(18, 4)"},
    ),
    "cost_lines": Landed(
        "finance/cost_lines", "cost_line_id",
        [
            STAMPED,
            missing("cost_month", "account_code", "amount"),
            f"not regexp_full_match(cost_month, {MONTH})",
            unknown("account", "account_code"),
            unknown("cost_centre", "cost_centre"),
            "(store_id is null) = (cost_centre is null)",
            "amount > 5000000",
        ],
        {"amount": "decimal(18, 2)"},
    ),
    "parts": Landed("parts/master", "part_no"),
    "stock": Landed(
        "parts/stock", "store_id, part_no, stock_on",
        [missing("quantity_on_hand"), later("cast(stock_on as timestamp)")],
    ),
}  # fmt: skip


def read_landed(
    connection: duckdb.DuckDBPyConnection, landing: Path, batches: Sequence[str]
) -> int:
    """Read the tables of a version into relations `newest_<table>`; count landed rows."""
    connection.execute(
        """
        create table codes as
        select code_list, code from read_csv(? || '/codes/code_values.csv')
        union all
        select 'order_type', order_type from read_csv(? || '/codes/order_types.csv')
        union all
        select 'account', account_code from read_csv(? || '/codes/cost_accounts.csv')
        union all
        select 'cost_centre', cost_centre_code from read_csv(? || '/finance/cost_centres.csv')
        """,
        [str(SEEDS)] * 4,
    )
    connection.execute(
        """
        create table batches as
        select system || '/' || "table" as place, batch_id, cast(extract_on as date) as extract_on
        from read_json(?, columns = {
            system: 'varchar', "table": 'varchar', batch_id: 'varchar', extract_on: 'date'
        })
        where list_contains(?, system || '.' || "table" || '.' || batch_id)
        """,
        [str(landing / "_ledger" / "*.json"), list(batches)],
    )
    return sum(_read_table(connection, landing, name, table) for name, table in TABLES.items())


def _read_table(
    connection: duckdb.DuckDBPyConnection, landing: Path, name: str, table: Landed
) -> int:
    rows = f"""
        select landed.*, cast(batches.extract_on + 1 as timestamp) as extract_end_at
        from read_parquet('{landing / table.place / "*.parquet"}') as landed
        inner join batches
            on batches.place = '{table.place}' and batches.batch_id = landed._batch_id
    """
    columns = connection.execute(f"describe {rows}").fetchall()
    cleaned = ", ".join(_cleaned(str(row[0]), str(row[1]), table) for row in columns)
    wrong = " or ".join(f"coalesce({rule}, false)" for rule in table.wrong) or "false"
    connection.execute(f"create temp table landed_rows as select {cleaned} from ({rows}) as landed")
    connection.execute(f"""
        create table newest_{name} as
        with first_rows as (
            select *
            from landed_rows
            qualify row_number() over (partition by _batch_id, {table.key} order by _row_number) = 1
        )
        select * exclude (extract_end_at)
        from first_rows
        where not ({missing(*table.key.split(", "))}) and not ({wrong})
        qualify row_number() over (
            partition by {table.key} order by _batch_id desc, _row_number desc
        ) = 1
    """)
    counted = connection.execute("select count(*) from landed_rows").fetchone()
    connection.execute("drop table landed_rows")
    return int(counted[0]) if counted else 0


def _cleaned(column: str, kind: str, table: Landed) -> str:
    if kind != "VARCHAR" or column.startswith("_"):
        return f'"{column}"'
    text = f"nullif(trim(\"{column}\"), '')"
    if column in table.types:
        text = f"try_cast({text} as {table.types[column]})"
    elif column in LOWER:
        text = f"lower({text})"
    elif column in UPPER:
        text = f"upper({text})"
    return f'{text} as "{column}"'
