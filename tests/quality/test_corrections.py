"""A corrected row re-enters, is judged and counted as repaired; the landed row stays as it was."""

import io
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from aftersales.compare import compare_databases
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.landing.corrections import LandedRow, correct
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.quality.statements import TOTAL, flag_column, flags_query
from aftersales.settings import Settings
from aftersales.warehouse.build import build
from aftersales.warehouse.manifest import DATABASE_NAME, Manifest
from aftersales.warehouse.plan import BuildRequest
from companies import copied

BY, REASON = "steward", "checked with the invoice"
RULE = "repair_order_status_unknown"
SETTINGS = Settings()


def progress() -> Progress:
    return Progress(Console(file=io.StringIO()))


def built(home: Home, is_full: bool) -> Path:
    with home.lock():
        manifest: Manifest = build(home, SETTINGS, progress(), BuildRequest(is_full=is_full))
    return home.candidates / manifest.version_id / DATABASE_NAME


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def home(published_months: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Five months of two stores with every kind of defect, published."""
    return copied(published_months, tmp_path_factory.mktemp("corrections") / "home")


def wrong_rows(home: Home) -> list[LandedRow]:
    database = home.root / str(next(home.versions.glob("2*")).relative_to(home.root))
    found = rows(
        database / DATABASE_NAME,
        "select batch_id, row_number from quality.dq_rule_hits "
        f"where rule_id = '{RULE}' order by all limit 2",
    )
    return [LandedRow.parse("stg_dms__repair_orders", str(row[0]), int(row[1])) for row in found]


def test_a_correction_repairs_its_row_and_only_that(home: Home) -> None:
    right, still_wrong = wrong_rows(home)
    landed = {path: path.read_bytes() for path in home.landing.rglob("*.parquet")}
    correct(home, right, {"status": "cancelled"}, BY, REASON)
    correct(home, right, {"status": "closed"}, BY, "it was delivered after all")
    correct(home, still_wrong, {"status": "lost"}, BY, REASON)
    with home.lock():
        batches = {
            batch.batch_id: batch.rows_landed for batch in ingest(home, SETTINGS, progress()).landed
        }
        assert ingest(home, SETTINGS, progress()).landed == []
    assert sum(batches.values()) == 2
    assert {path: path.read_bytes() for path in landed} == landed

    increment = built(home, is_full=False)
    assert rows(
        increment,
        "select row_number, decided_by, landed_quarantine_rule_id, is_repaired "
        "from quality.dq_corrections order by correction_number",
    ) == [
        (right.row_number, BY, RULE, True),
        (right.row_number, BY, RULE, True),
        (still_wrong.row_number, BY, RULE, False),
    ]
    assert rows(
        increment,
        "select sum(rows_repaired), count(*) filter (where rows_landed <> rows_clean "
        "+ rows_quarantined + rows_repaired) from quality.dq_row_accounting",
    ) == [(1, 0)]
    assert rows(
        increment,
        "select orders.status from marts.fct_repair_orders as orders "
        "inner join staging.stg_dms__repair_orders as staged "
        "on orders.repair_order_key = staged.store_id || ':' || staged.repair_order_no "
        f"where staged._batch_id = '{right.batch_id}' and staged._row_number = {right.row_number}",
    ) == [("closed",)]

    kept = home.root / "increment.duckdb"
    increment.rename(kept)
    assert compare_databases(kept, built(home, is_full=True)) == []


def test_the_gate_judges_a_repaired_row_as_it_re_entered(home: Home) -> None:
    """Of the wrong rows one was repaired, one was corrected to something as wrong."""
    database = built(home, is_full=False)
    query = flags_query("stg_dms__repair_orders", [RULE], newest_batch_id="")
    column = flag_column(RULE, TOTAL)
    landed = rows(
        database,
        f"select count(*) from quality.dq_rule_hits where rule_id = '{RULE}'",
    )[0][0]
    assert rows(database, f"select sum({column}) from ({query})") == [(landed - 1,)]


@pytest.mark.parametrize(
    ("row", "values", "complaint"),
    [
        (("dms.repair_orders", "1999-01", 1), {"status": "closed"}, "no landed batch 1999-01"),
        (("dms.repair_orders", None, 10**7), {"status": "closed"}, "has no row 10000000"),
        (("dms.repair_orders", None, 1), {"stats": "closed"}, "has no column 'stats'"),
        (("dms.repair_orders", None, 1), {"_batch_id": "x"}, "has no column '_batch_id'"),
        (("dms.repair_orders", None, 1), {"opened_at": "gestern"}, "is no value of opened_at"),
        (("dms.repair_orders", None, 1), {}, "needs a value"),
        (("repair_orders", None, 1), {"status": "closed"}, "is not a table"),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    home: Home, row: tuple[str, str | None, int], values: dict[str, str | None], complaint: str
) -> None:
    table, batch_id, row_number = row
    known = batch_id or min(path.stem for path in (home.landing / "dms/repair_orders").iterdir())
    before = home.corrections.read_bytes() if home.corrections.is_file() else b""
    with pytest.raises(AftersalesError, match=complaint):
        correct(home, LandedRow.parse(table, known, row_number), values, BY, REASON)
    with pytest.raises(AftersalesError, match="an author and a reason"):
        correct(home, LandedRow("dms", "stores", known, 1), {"store_name": "x"}, " ", REASON)
    assert (home.corrections.read_bytes() if home.corrections.is_file() else b"") == before
