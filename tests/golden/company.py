"""The company of the worked examples: planted facts, and the project's own models over them."""

from pathlib import Path

import duckdb
import yaml

from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.dbt_runner import DbtProject
from golden import plants

# What is written by hand; everything below is computed from it.
PLANTED = [
    "dim_store", "dim_advisor", "dim_technician", "dim_customer", "bridge_customer_sources",
    "dim_part", "fct_store_day", "fct_targets", "fct_cost_lines", "fct_repair_orders",
    "fct_surveys", "fct_parts_stock", "fct_parts_demand", "fct_metric_members",
]  # fmt: skip
MODELS = [
    "int_days", "dim_date", "int_periods", "int_metrics", "int_known_parts",
    "int_store_periods", "int_period_bases_before", "int_store_period_bases", "int_changed_periods",
    "fct_metric_periods", "int_compared_stores_before", "int_compared_stores",
    "int_changed_rankings", "fct_metric_rankings", "fct_metric_dispersion", "fct_benchmark_gaps",
    "fct_score_items", "fct_scores", "int_pace_days", "int_pace_profiles", "int_month_paces",
    "int_pace_ranges", "fct_target_attainment", "fct_month_forecast", "fct_revenue_lines",
    "fct_store_month", "fct_staff_month", "int_customer_visits", "int_customer_window",
    "fct_customer_value", "fct_customer_segments", "fct_customer_month", "fct_churn_warnings",
    "fct_parts_month", "fct_service_line_month",
]  # fmt: skip
VERSION = "v1"


def build(folder: Path) -> Home:
    """Write the records, run the models, and publish what comes out."""
    home, settings = Home(folder), Settings()
    database = folder / "warehouse.duckdb"
    home.logs.mkdir(parents=True)
    project = DbtProject(home, settings, database)
    with duckdb.connect(str(database)) as connection:
        for schema in ("landing", "marts", "intermediate"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            f"create table landing.run_context as select date '{plants.AS_OF}' as as_of_on, "
            f"'{VERSION}' as version_id, null::varchar as parent_version_id, "
            "true as is_full_build"
        )
        for table in PLANTED:
            columns = _contract_columns(settings.project_dir, table)
            connection.execute(f"create table marts.{table} ({columns})")
        _write_stores(connection)
        _write_days(connection)
        _write_board(connection)
        _write_staff(connection)
        _write_parts(connection)
        _write_lines(connection)
        # No source is missing anything.
        connection.execute(
            "create table intermediate.int_source_landings (store_key varchar, system varchar, "
            "table_name varchar, column_name varchar, need_scope varchar, is_landed boolean)"
        )
        # Nothing is told by member here.
        connection.execute(
            "create table intermediate.int_member_titles (dimension_code varchar, "
            "member_code varchar, title_zh varchar, title_en varchar)"
        )
        customers = Path(__file__).with_name("customers.sql").read_text(encoding="utf-8")
        connection.execute(customers)
    project.run(Progress(), "dbt", ["seed", "--quiet"])
    project.run(Progress(), "dbt", ["run", "--quiet", "--select", *MODELS])
    return home


def _contract_columns(project_dir: Path, table: str) -> str:
    """Columns of a public table; a number that is not planted is zero."""
    [path] = project_dir.glob(f"models/marts/*/{table}.yml")
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = []
    for column in document["models"][0]["columns"]:
        # DuckDB knows the words of the contracts.
        kind = str(column["data_type"])
        is_sum = table == "fct_store_day" and (kind == "integer" or kind.startswith("numeric"))
        columns.append(f"{column['name']} {kind}{' default 0' if is_sum else ''}")
    return ", ".join(columns)


def _write_stores(connection: duckdb.DuckDBPyConnection) -> None:
    connection.executemany(
        "insert into marts.dim_store by name select ? as store_key, ? as store_name, "
        "? as region_name, ? as store_class, date '2020-01-01' as opened_on, "
        "false as is_new_store",
        [(key, key, region, kind) for key, (region, kind) in plants.STORES.items()],
    )


def _write_days(connection: duckdb.DuckDBPyConnection) -> None:
    # From this day on nothing of a store is missing.
    connection.execute(
        "insert into marts.fct_store_day by name "
        f"select store_key, date '{plants.KNOWN_FROM}' as business_on from marts.dim_store"
    )
    for one in plants.DAYS:
        sums = "".join(f", {value} as {name}" for name, value in one.sums.items())
        connection.execute(
            "insert into marts.fct_store_day by name "
            f"select '{one.store}' as store_key, date '{one.day}' as business_on{sums}"
        )
    connection.execute(
        "create table intermediate.int_store_open_days as "
        "select store_key, business_on from marts.fct_store_day"
    )


def _write_board(connection: duckdb.DuckDBPyConnection) -> None:
    for code, value in plants.BOARD_TARGETS.items():
        connection.execute(
            "insert into marts.fct_targets by name select ? as store_key, "
            f"date '{plants.DECEMBER}' as month_start_on, ? as metric_code, ? as target_value, "
            "'full_month' as target_basis",
            [plants.BOARD_STORE, code, value],
        )
    connection.execute(
        "create table intermediate.int_store_day_lines (store_key varchar, business_on date, "
        "service_line varchar, revenue_amount decimal(18, 2), gross_profit_amount decimal(18, 2))"
    )
    connection.executemany(
        "insert into intermediate.int_store_day_lines values (?, ?, ?, ?, 0)",
        [
            (plants.BOARD_STORE, plants.DECEMBER, line, revenue)
            for line, revenue in plants.BOARD_LINES.items()
        ],
    )


def _write_staff(connection: duckdb.DuckDBPyConnection) -> None:
    for name, count in (("advisor", plants.ADVISORS), ("technician", plants.TECHNICIANS)):
        connection.execute(
            f"insert into marts.dim_{name} by name select number::varchar as {name}_key, "
            "? as store_key, case when number = ? then cast(? as date) else date '2020-01-01' end "
            "as hired_on from range(?) as people (number)",
            [plants.STAFF_STORE, count, plants.LAST_HIRED_ON, count + 1],
        )


def _write_parts(connection: duckdb.DuckDBPyConnection) -> None:
    for month, stock in plants.PARTS_MONTHS:
        connection.execute(
            "insert into marts.fct_parts_stock by name select ? as store_key, 'P1' as part_key, "
            "last_day(cast(? as date)) as business_on, 1 as quantity_on_hand, "
            "? as stock_amount, false as is_stock_out",
            [plants.PARTS_STORE, month, stock],
        )
        connection.execute(
            "insert into marts.fct_parts_demand by name select ? as store_key, "
            "'P1' as part_key, cast(? as date) as business_on, ? as issued_cost_amount",
            [plants.PARTS_STORE, month, plants.PARTS_ISSUED],
        )


def _write_lines(connection: duckdb.DuckDBPyConnection) -> None:
    amounts = ("labour_amount", "part_amount", "discount_amount", "hours_sold")
    zeros = ", ".join(f"cast(0 as decimal(18, 2)) as {name}" for name in amounts)
    rows = ", ".join(
        f"('{line}', {share}, {margin}, {nps})"
        for line, (share, margin, nps) in plants.LINES.items()
    )
    lines = f"(values {rows}) as lines (service_line, share, margin, nps)"
    connection.execute(
        "create table intermediate.int_store_day_service_lines as "
        f"select '{plants.LINES_STORE}' as store_key, date '{plants.OCTOBER}' as business_on, "
        f"service_line, 1 as order_count, {zeros}, "
        "cast(share * 10000 as decimal(18, 2)) as revenue_amount, "
        "cast(share * (100 - margin) * 100 as decimal(18, 2)) as cost_amount, "
        "cast(share * margin * 100 as decimal(18, 2)) as gross_profit_amount "
        f"from {lines}"
    )
    connection.execute(
        "insert into marts.fct_surveys by name "
        f"select 'L' || service_line || number as survey_key, '{plants.LINES_STORE}' as store_key, "
        f"date '{plants.OCTOBER}' as business_on, service_line as main_service_line, "
        "true as is_responded, case when number < share * nps then 10 else 8 end as nps_score, "
        "number < share * nps as is_promoter, number >= share * nps as is_passive, "
        f"false as is_detractor from {lines} cross join range(10000) as answers (number) "
        "where number < share * 100"
    )
