"""A company in which every store stands for one case: steady days, and what was planted in them.

The inputs of the alert models are written by hand; the models that judge them are the
project's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import yaml

from aftersales.contract import duckdb_type
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.dbt_runner import DbtProject

AS_OF = date(2025, 10, 31)
FIRST = date(2025, 5, 1)
MODELS = [
    "int_alert_day_checks",
    "int_churn_spells",
    "int_alert_days",
    "int_alert_signals",
    "int_alert_episodes",
    "fct_alert_causes",
    "fct_alert_actions",
    "fct_alerts",
]
# A day like every other: 1,000 visits of 100 yuan, CSI 90, NPS 70, three quarters of the bays used.
STEADY = {
    "order_count": 1200, "closed_order_count": 1200, "visit_count": 1000,
    "labour_amount": 50000, "part_amount": 50000, "revenue_amount": 100000,
    "cost_amount": 60000, "gross_profit_amount": 40000, "hours_sold": 200,
    "package_order_count": 40, "package_eligible_order_count": 100,
    "promised_closed_order_count": 100, "on_time_order_count": 90,
    "comeback_eligible_order_count": 200, "comeback_order_count": 20,
    "survey_sent_count": 400, "survey_response_count": 200, "nps_response_count": 200,
    "promoter_count": 160, "detractor_count": 20, "csi_response_count": 20, "csi_score_sum": 1800,
    "complaint_count": 1, "bay_available_minutes": 6000, "bay_productive_minutes": 4500,
    "technician_day_count": 10, "appointment_due_count": 60, "appointment_show_count": 50,
    "customer_wait_minutes_sum": 6000, "customer_wait_order_count": 100,
    "parts_demand_line_count": 100, "parts_shelf_line_count": 90,
}  # fmt: skip
TARGETS = {
    "csi": 90, "nps": 70, "ftfr": 0.9, "bay_utilisation": 0.75, "average_ticket": 100,
    "gross_margin": 0.4,
}  # fmt: skip
DAILY_TARGETS = {"visits": 1000, "revenue": 100000, "revenue_accessories": 10000}
# What a store whose records never arrived leaves behind: what the CRM knows.
NOTHING_FROM_DMS = {
    name: 0
    for name in STEADY
    if not name.startswith(("survey", "nps", "promoter", "detractor", "csi", "complaint"))
}


@dataclass(frozen=True)
class Plant:
    """Other values in some columns, from one day to another."""

    first: str
    last: str
    values: Mapping[str, float]


@dataclass
class Store:
    """One case: its store, which stands alone in its region unless it says otherwise."""

    key: str
    plants: list[Plant] = field(default_factory=list)
    region: str = ""
    accessories_per_day: float = 10000
    customers: int = 0
    near_customers: bool = False
    score: float | None = None
    late: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)

    @property
    def region_name(self) -> str:
        """The store's region."""
        return self.region or f"region {self.key}"


class Company:
    """A database with the inputs, and dbt to run the models over them."""

    def __init__(self, folder: Path) -> None:
        """Make an empty database in a folder."""
        self.home = Home(folder)
        self.settings = Settings()
        self.database = folder / "warehouse.duckdb"
        self.home.logs.mkdir(parents=True)
        self._project = DbtProject(self.home, self.settings, self.database)

    def dbt(self, *arguments: str) -> None:
        """Run dbt over the database."""
        self._project.run(Progress(), "dbt", list(arguments))

    def write(self, stores: Iterable[Store]) -> None:
        """Write the inputs and run the models."""
        with duckdb.connect(self.database) as connection:
            for schema in ("landing", "marts", "quality", "intermediate"):
                connection.execute(f"create schema {schema}")
            _write_control(connection)
        self.dbt("seed", "--quiet")
        self.dbt("run", "--quiet", "--select", "dim_date")
        with duckdb.connect(self.database) as connection:
            # Every day weighs the same, so that a share of the target can be planted exactly.
            connection.execute("update reference.alert_day_profile set weight = 1")
            _write_stores(connection, list(stores), self.settings.project_dir)
        self.run_models()

    def run_models(self) -> None:
        """Run the alert models over what the database holds."""
        self.dbt("run", "--quiet", "--select", *MODELS)


def _write_control(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"create table landing.run_context as select date '{AS_OF}' as as_of_on, "
        "'v1' as version_id, null::varchar as parent_version_id, true as is_full_build"
    )
    connection.execute(
        "create table landing.batches as "
        "select system, table_name, 'b1' as batch_id, true as is_new, "
        f"date '{AS_OF}' as extract_on "
        "from (values ('dms', 'repair_orders'), ('crm', 'surveys')) as t (system, table_name)"
    )
    connection.execute(
        "create table landing.alert_decisions (decision_number integer, alert_id varchar, "
        "rule_id varchar, rule_version integer, scope_key varchar, decision varchar, "
        "decided_by varchar, note varchar, decided_on date, snoozed_until_on date)"
    )


def _contract_columns(project_dir: Path, model: str) -> str:
    [path] = project_dir.glob(f"models/marts/*/{model}.yml")
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    [described] = document["models"]
    return ", ".join(
        f"{column['name']} {_type(str(column['data_type']))}" for column in described["columns"]
    )


def _type(kind: str) -> str:
    return kind if kind.startswith("numeric") else duckdb_type(kind)


def _write_stores(
    connection: duckdb.DuckDBPyConnection, stores: list[Store], project_dir: Path
) -> None:
    for model in (
        "dim_store", "dim_advisor", "dim_technician", "fct_store_day", "fct_targets",
        "fct_surveys", "fct_complaints", "fct_customer_value", "fct_scores",
        "bridge_customer_sources",
    ):  # fmt: skip
        connection.execute(f"create table marts.{model} ({_contract_columns(project_dir, model)})")
    connection.executemany(
        "insert into marts.dim_store by name select ? as store_key, ? as store_name, "
        "? as region_name",
        [(store.key, store.key, store.region_name) for store in stores],
    )
    values = ", ".join(f"{value} as {name}" for name, value in STEADY.items())
    connection.execute(
        "insert into marts.fct_store_day by name "
        f"select stores.store_key, cast(days.day as date) as business_on, {values} "
        f"from marts.dim_store as stores, "
        f"range(date '{FIRST}', date '{AS_OF}' + 1, interval 1 day) as days (day)"
    )
    nulls = [
        row[0]
        for row in connection.execute("describe marts.fct_store_day").fetchall()
        if row[0] not in {"store_key", "business_on", *STEADY}
    ]
    for name in nulls:
        connection.execute(f"update marts.fct_store_day set {name} = 0")
    for store in stores:
        for plant in store.plants:
            changes = ", ".join(f"{name} = {value}" for name, value in plant.values.items())
            connection.execute(
                f"update marts.fct_store_day set {changes} where store_key = ? "
                "and business_on between ? and ?",
                [store.key, plant.first, plant.last],
            )
    _write_targets(connection, stores)
    _write_accessories(connection, stores)
    _write_quality(connection, stores)
    _write_customers(connection, stores)
    connection.executemany(
        "insert into marts.fct_scores by name select 'requirement' as rule_set_code, "
        "'total' as part_code, 'region' as scope_kind, ? as scope_key, ? as region_name, "
        "date '2025-10-01' as month_start_on, true as is_complete, ? as total_score",
        [(one.region_name, one.region_name, one.score or 95) for one in stores],
    )


def _write_targets(connection: duckdb.DuckDBPyConnection, stores: list[Store]) -> None:
    months = "range(date '2025-05-01', date '2025-11-01', interval 1 month) as months (month)"
    for name, value in (TARGETS | DAILY_TARGETS).items():
        amount = f"{value} * day(last_day(month))" if name in DAILY_TARGETS else str(value)
        connection.execute(
            "insert into marts.fct_targets by name select store_key, "
            f"cast(month as date) as month_start_on, '{name}' as metric_code, "
            f"{amount} as target_value, 'x' as target_unit, 'full_month' as target_basis "
            f"from marts.dim_store, {months}"
        )


def _write_accessories(connection: duckdb.DuckDBPyConnection, stores: list[Store]) -> None:
    connection.execute(
        "create table intermediate.int_store_day_service_lines (store_key varchar, "
        "business_on date, service_line varchar, revenue_amount numeric(18,2))"
    )
    connection.executemany(
        "insert into intermediate.int_store_day_service_lines "
        "select ?, cast(day as date), 'beauty_accessories', ? "
        f"from range(date '{FIRST}', date '{AS_OF}' + 1, interval 1 day) as days (day)",
        [(store.key, store.accessories_per_day) for store in stores],
    )


def _write_quality(connection: duckdb.DuckDBPyConnection, stores: list[Store]) -> None:
    connection.execute(
        "create table quality.dq_store_days as "
        "select source_system, table_name, store_key as store_id, business_on, "
        "cast(case source_system when 'dms' then order_count else 60 end as integer) as row_count, "
        "0 as rows_quarantined, 0 as rows_late from marts.fct_store_day, "
        "(values ('dms', 'repair_orders'), ('crm', 'surveys')) as t (source_system, table_name)"
    )
    for store in stores:
        for column, days in (("rows_late", store.late), ("rows_quarantined", store.quarantined)):
            for day in days:
                connection.execute(
                    f"update quality.dq_store_days set {column} = row_count / 2 "
                    "where store_id = ? and business_on = ?",
                    [store.key, day],
                )


def _write_customers(connection: duckdb.DuckDBPyConnection, stores: list[Store]) -> None:
    connection.execute(
        "create table intermediate.int_customer_visits (customer_key varchar, visited_on date, "
        "store_key varchar, visit_count integer, revenue_amount numeric(18,2), previous_on date, "
        "next_on date)"
    )
    for store in stores:
        # Away for exactly as long as the rule asks, with a 7.
        customers: list[tuple[str, int, int, int, date | None]] = [
            (f"{store.key}:{number}", 180, 7, 100, None) for number in range(store.customers)
        ]
        if store.near_customers:
            customers += [
                (f"{store.key}:scored 8", 180, 8, 100, None),
                (f"{store.key}:away a day less", 179, 7, 100, None),
                (f"{store.key}:worth less", 180, 7, 101, None),
                (f"{store.key}:came back", 200, 7, 100, AS_OF - timedelta(days=5)),
            ]
        for key, away_days, score, worth_rank, next_on in customers:
            last_on = AS_OF - timedelta(days=away_days)
            connection.execute(
                "insert into intermediate.int_customer_visits by name select ? as customer_key, "
                "? as visited_on, ? as store_key, 1 as visit_count, 1000 as revenue_amount, "
                "cast(? as date) as next_on",
                [key, last_on, store.key, next_on],
            )
            connection.execute(
                "insert into marts.bridge_customer_sources by name select ? as customer_key, "
                "? as source_customer_key",
                [key, key],
            )
            connection.execute(
                "insert into marts.fct_customer_value by name select ? as customer_key, "
                "? as store_key, ? as worth_rank, ? as revenue_rank, "
                "1000 as ranked_customer_count, 5000 as yearly_worth_amount",
                [key, store.key, worth_rank, worth_rank],
            )
            connection.execute(
                "insert into marts.fct_surveys by name select ? as survey_key, ? as store_key, "
                "? as source_customer_key, ? as satisfaction_score, ? as business_on, "
                "cast(? as timestamp) as responded_at",
                [key, store.key, key, score, last_on, last_on],
            )
