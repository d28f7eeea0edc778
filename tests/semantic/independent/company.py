"""A small company without planted defects: landed and built by the pipeline, and read by hand."""

import datetime
import io
import re
from pathlib import Path

import chinese_calendar
import duckdb
from rich.console import Console

from aftersales.demo import generate
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.build import build
from aftersales.warehouse.plan import BuildRequest

from ..support import publish_database
from .measures import SUMS

STORES, SEED, DAYS = "2", 11, 92
RECORDS_SQL = [
    Path(__file__).with_name(f"{name}records.sql") for name in ("", "customer_", "statement_")
]
NEWEST = {
    "stores": ("dms", "stores", "store_id"),
    "bays": ("dms", "bays", "bay_id"),
    "technicians": ("dms", "technicians", "technician_id"),
    "advisors": ("dms", "advisors", "advisor_id"),
    "service_items": ("dms", "service_items", "service_item_code"),
    "customers": ("dms", "customers", "customer_id"),
    "vehicles": ("dms", "vehicles", "vehicle_id"),
    "appointments": ("dms", "appointments", "store_id, appointment_id"),
    "repair_orders": ("dms", "repair_orders", "store_id, repair_order_no"),
    "status_events": ("dms", "ro_status_events", "store_id, event_id"),
    "labour_lines": ("dms", "labour_lines", "store_id, labour_line_id"),
    "part_lines": ("dms", "part_lines", "store_id, part_line_id"),
    "bay_occupancy": ("dms", "bay_occupancy", "store_id, occupancy_id"),
    "clock_events": ("dms", "clock_events", "store_id, clock_event_id"),
    "crm_customers": ("crm", "customers", "crm_customer_id"),
    "surveys": ("crm", "surveys", "survey_id"),
    "complaints": ("crm", "complaints", "complaint_id"),
    "finance_customers": ("finance", "customers", "account_no"),
    "targets": ("finance", "targets", "store_id, target_month, metric_code"),
    "cost_lines": ("finance", "cost_lines", "cost_line_id"),
    "parts": ("parts", "master", "part_no"),
    "stock": ("parts", "stock", "store_id, part_no, stock_on"),
}
# Systems that hand out text files land as text.
TYPES = {
    "crm_customers": {"is_member": "boolean"},
    "surveys": {
        "sent_at": "timestamp",
        "responded_at": "timestamp",
        "nps_score": "integer",
        "csi_score": "decimal(5, 2)",
        "satisfaction_score": "integer",
    },
    "complaints": {"opened_at": "timestamp", "closed_at": "timestamp"},
    "targets": {"target_value": "decimal(18, 4)"},
    "cost_lines": {"amount": "decimal(18, 2)"},
}
HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋",
}
STORE_COLUMNS = """
    stores.store_name, stores.region_name, stores.city_name, stores.brand_name, stores.store_class,
    stores.opened_on + 365 > known.as_of_on as is_new_store
"""
DATE_COLUMNS = """
    year(day_on) as year_number, quarter(day_on) as quarter_number, month(day_on) as month_number,
    strftime(day_on, '%Y-%m') as year_month, isoyear(day_on) as iso_year, week(day_on) as iso_week,
    isodow(day_on) as iso_weekday, isodow(day_on) > 5 as is_weekend
"""
NOTHING = "(empty)"


def make_company(root: Path) -> Path:
    """Land and build a company, and publish its candidate as it is."""
    home, settings = Home(root), Settings()
    progress = Progress(Console(file=io.StringIO()))
    generate(root, STORES, SEED, DAYS, defects=False)
    with home.lock():
        ingest(home, settings, progress)
        manifest = build(home, settings, progress, BuildRequest(is_full=True, as_of_on=None))
    database = home.candidates / manifest.version_id / "warehouse.duckdb"
    publish_database(root, manifest.version_id, database)
    return root


def read_records(root: Path) -> duckdb.DuckDBPyConnection:
    """Read landed records into the relations of records.sql."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    for name, (system, table, key) in NEWEST.items():
        files = root / "landing" / system / table / "*.parquet"
        casts = [
            f"cast({column} as {kind}) as {column}" for column, kind in TYPES.get(name, {}).items()
        ]
        typed = f"* replace ({', '.join(casts)})" if casts else "*"
        connection.execute(f"""
            create table newest_{name} as select {typed} from read_parquet('{files}')
            qualify row_number() over (
                partition by {key} order by _batch_id desc, _row_number desc
            ) = 1
        """)
    connection.execute("set variable answer_key = ?", [str(root / "answer_key")])
    connection.execute("""
        create macro minutes(from_at, to_at) as
            if(to_at < from_at, null, round((epoch(to_at) - epoch(from_at)) / 60, 2))
    """)
    connection.execute(
        "set variable seeds = ?", [str(Settings().project_dir / "seeds" / "finance")]
    )
    connection.execute("create table holidays (day_on date, name varchar, is_holiday boolean)")
    connection.executemany("insert into holidays values (?, ?, ?)", _holidays())
    connection.execute(f"""
        create table calendar as
        select
            day_on, {DATE_COLUMNS}, coalesce(holidays.is_holiday, false) as is_holiday,
            holidays.name as holiday_name,
            coalesce(not holidays.is_holiday, isodow(day_on) <= 5) as is_workday
        from (
            select cast(unnest(range(date '2024-01-01', date '2026-01-01', interval 1 day)) as date)
                as day_on
        )
        left join holidays using (day_on)
    """)
    for path in RECORDS_SQL:
        connection.execute(path.read_text(encoding="utf-8"))
    return connection


def _holidays() -> list[tuple[datetime.date, str, bool]]:
    constants = chinese_calendar.constants
    free = [(day, HOLIDAYS.get(name, name), True) for day, name in constants.holidays.items()]
    worked = [(day, HOLIDAYS.get(name, name), False) for day, name in constants.workdays.items()]
    return [*free, *worked]


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    return {row[0] for row in connection.execute(f"describe {relation}").fetchall()}


def totals(
    connection: duckdb.DuckDBPyConnection,
    measures: dict[str, str],
    group: str,
    where: str = "true",
) -> dict[str, dict[str, float | None]]:
    """Compute measures by one attribute ('' for the whole), by group and measure.

    `group` is a column of the relations, of their store, or of their day; or a date expression.
    """
    wanted = " ".join(measures.values())
    used = {(a, b) for a, b in re.findall(r"\[(\w+)\.(\w+)\]", wanted)}
    parts = {
        relation: sorted(name for owner, name in used if owner == relation)
        for relation in sorted({owner for owner, _ in used})
    }
    common = [
        f"{relation}_sums as ({_summed(connection, relation, names, group, where)})"
        for relation, names in parts.items()
    ]
    groups = " union ".join(f"select grouped from {relation}_sums" for relation in parts)
    joins = " ".join(f"left join {relation}_sums using (grouped)" for relation in parts)
    formulas = ", ".join(
        re.sub(r"\[(\w+)\.(\w+)\]", r"coalesce(\1_sums.\2, 0)", formula)
        if "_p" not in formula
        else re.sub(r"\[(\w+)\.(\w+)\]", r"\1_sums.\2", formula)
        for formula in measures.values()
    )
    rows = connection.execute(
        f"with {', '.join(common)} select grouped, {formulas} from ({groups}) {joins}"
    ).fetchall()
    return {
        row[0]: {
            name: None if value is None else float(value)
            for name, value in zip(measures, row[1:], strict=True)
        }
        for row in rows
    }


def _summed(
    connection: duckdb.DuckDBPyConnection, relation: str, names: list[str], group: str, where: str
) -> str:
    sums = ", ".join(f"{SUMS[relation][name]} as {name}" for name in names)
    columns = _columns(connection, relation)
    day = f"{relation}." + ("business_on" if "business_on" in columns else "month_start_on")
    kept = f"{relation}.*" + (" exclude (target_basis)" if "target_basis" in columns else "")
    grouped = f"coalesce(cast({group} as varchar), '{NOTHING}')" if group else "'all'"
    return f"""
        select {grouped} as grouped, {sums}
        from (
            select {kept}, {day} as day_on, month_bases.target_basis, {STORE_COLUMNS}
            from {relation}
            left join newest_stores as stores on stores.store_id = {relation}.store_key
            left join month_bases
                on
                    month_bases.store_key = {relation}.store_key
                    and month_bases.month_on = date_trunc('month', {day})
            cross join known
        )
        left join calendar using (day_on)
        where {where}
        group by all
    """
