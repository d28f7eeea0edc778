"""Landing one more day and continuing the tables gives what a full build gives, in every row."""

import os
import shutil
from datetime import date
from pathlib import Path

import duckdb

from aftersales.compare import compare_databases
from aftersales.contract import load_contract
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.control import create_control_schema
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.plan import BuildPlan
from incremental.company import write_deletions, write_extract

SEED = int(os.environ.get("AFTERSALES_TEST_SEED", "1"))
BASE = ("2025-10", date(2025, 10, 31))
# The last one brings records of a batch that sorts before what has landed already.
LATER = [
    ("2025-11-01", date(2025, 11, 1)),
    ("2025-11-02", date(2025, 11, 2)),
    ("2025-10-31", date(2025, 10, 31)),
    ("2025-11-05", date(2025, 11, 5)),
]
# With the second one sources give records up; the third brings older versions of some of them.
DELETIONS_WITH = 2


class Warehouse:
    """Databases built from one home."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.home = home
        self.settings = settings
        self.contract = load_contract(settings.project_dir)

    def land(self, extract: str, extract_on: date, is_base: bool = False) -> None:
        write_extract(self.home, self.contract, extract, extract_on, SEED, is_base)
        ingest(self.home, self.settings, Progress())

    def build(self, database: Path, continued: Path | None) -> None:
        """Build a database, continuing another one or afresh."""
        batches = ledger.load(self.home)
        known: set[str] = set()
        if continued is not None:
            shutil.copy(continued, database)
            with duckdb.connect(database) as connection:
                rows = connection.execute(
                    "select system || '.' || table_name || '.' || batch_id from landing.batches"
                ).fetchall()
            known = {key for (key,) in rows}
        newest = ledger.newest_day(batches)
        assert newest is not None
        plan = BuildPlan(
            version_id="test",
            parent_version_id=None,
            as_of_on=newest,
            is_full_build=continued is None,
            batches=batches,
            new_batches=[
                batch
                for batch in batches
                if f"{batch.system}.{batch.table}.{batch.batch_id}" not in known
            ],
        )
        with duckdb.connect(database) as connection:
            create_control_schema(connection, self.home, self.contract.values(), plan)
        project = DbtProject(self.home, self.settings, database)
        if continued is None:
            project.run(Progress(), "Load reference data", ["seed"])
        project.run(Progress(), "Build models", ["run"])


def row_count(database: Path, table: str) -> int:
    with duckdb.connect(database, read_only=True) as connection:
        row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def probes(database: Path) -> dict[str, tuple[int, bool, int]]:
    """Comebacks, wait for parts and lines of the orders that later extracts change."""
    with duckdb.connect(database, read_only=True) as connection:
        rows = connection.execute(
            """
            select
                comebacks.repair_order_key, comebacks.comeback_count, comebacks.has_parts_wait,
                orders.line_count
            from marts.fct_comebacks as comebacks
            inner join marts.fct_repair_orders as orders using (repair_order_key)
            where comebacks.repair_order_key similar to 'S1:([A-G]1|B3|D2)'
            """
        ).fetchall()
    return {key: (count, has_wait, lines) for key, count, has_wait, lines in rows}


def gone_and_counted(database: Path) -> tuple[int, int]:
    """Orders that a source gave up for good, and how many of them are facts all the same."""
    with duckdb.connect(database, read_only=True) as connection:
        row = connection.execute(
            """
            with gone as (
                select staged.store_id || ':' || staged.repair_order_no as repair_order_key
                from staging.stg_dms__repair_orders as staged
                inner join landing.deletions
                    on staged._batch_id = deletions.landed_batch_id
                    and staged._row_number = deletions.row_number
                    and deletions.table_name = 'repair_orders'
                group by all
            ),
            back as (
                select distinct staged.store_id || ':' || staged.repair_order_no as repair_order_key
                from staging.stg_dms__repair_orders as staged
                where staged.quarantine_rule_id is null and staged._batch_id > '2025-11-02.gone'
            )
            select count(*), count(orders.repair_order_key)
            from gone
            anti join back using (repair_order_key)
            left join marts.fct_repair_orders as orders using (repair_order_key)
            """
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def affected_share(database: Path, domain: str) -> float:
    with duckdb.connect(database, read_only=True) as connection:
        row = connection.execute(
            """
            select
                count(distinct affected.business_on) filter (where affected.domain_name = ?)
                / (select count(*) from intermediate.int_days where date_on >= '2023-12-10')
            from landing.int_affected_dates as affected
            where affected.business_on >= '2023-12-10'
            """,
            [domain],
        ).fetchone()
    assert row is not None
    return float(row[0])


def test_continued_equals_full(tmp_path: Path) -> None:
    warehouse = Warehouse(Home(tmp_path / "home"), Settings())
    warehouse.land(*BASE, is_base=True)
    continued = tmp_path / "continued_0.duckdb"
    warehouse.build(continued, None)
    for number, (extract, extract_on) in enumerate(LATER, start=1):
        warehouse.land(extract, extract_on)
        if number == DELETIONS_WITH:
            write_deletions(warehouse.home, extract, extract_on)
        following = tmp_path / f"continued_{number}.duckdb"
        warehouse.build(following, continued)
        assert 0 < affected_share(following, "orders") < 0.5
        # Orders of many weeks are touched here, so that their comeback windows may cover every day.
        assert affected_share(following, "comebacks") > 0
        continued = following
    full = tmp_path / "full.duckdb"
    warehouse.build(full, None)
    differences = compare_databases(continued, full)
    assert not differences, "\n".join(str(difference) for difference in differences)
    assert probes(full) == {
        "S1:A1": (1, False, 0),
        "S1:B1": (0, False, 0),
        "S1:B3": (1, False, 0),
        "S1:C1": (0, False, 0),
        "S1:D1": (0, False, 0),
        "S1:D2": (0, False, 1),
        "S1:E1": (0, True, 0),
        "S1:G1": (0, False, 1),
    }
    gone, counted = gone_and_counted(full)
    assert gone > 5 and counted == 0
    for table in ("fct_repair_orders", "fct_comebacks", "fct_bay_hours", "fct_store_day"):
        assert row_count(full, f"marts.{table}") > 500
