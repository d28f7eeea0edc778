"""Two published versions of a small company: between them a steward repaired one row of two."""

import io
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from aftersales.home import Home
from aftersales.landing.corrections import LandedRow, correct
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.steward.report import write_report
from aftersales.warehouse.audit import audit
from aftersales.warehouse.build import build
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.plan import BuildRequest
from aftersales.warehouse.publish import publish
from aftersales.warehouse.versions import database_of, published_manifest
from companies import copied
from sharing import Shared

RULE = "repair_order_status_unknown"
PHONE, VIN, PLATE = "13812345678", "LSVAA4182E2123456", "京A12345"
REASON = f"customer called from {PHONE} about {VIN}, {PLATE}"


@dataclass(frozen=True)
class Workplace:
    """A home with two versions, and what was corrected between them."""

    home: Home
    first: Manifest
    second: Manifest
    repaired: LandedRow
    repaired_amount: Decimal

    def rows(self, manifest: Manifest, query: str) -> list[tuple[Any, ...]]:
        """Ask a version's database."""
        database = database_of(self.home, manifest.version_id)
        with duckdb.connect(str(database), read_only=True) as connection:
            return connection.execute(query).fetchall()

    @property
    def site(self) -> Path:
        """The folder of the second version's report."""
        return self.home.versions / self.second.version_id / "steward"


def run(home: Home) -> Manifest:
    """Land, build, audit, publish and report."""
    settings, progress = Settings(), Progress(Console(file=io.StringIO()))
    with home.lock():
        ingest(home, settings, progress)
        build(home, settings, progress, BuildRequest())
        _, report = audit(home, settings, progress)
        assert report.verdict.is_publishable, report.blocking
        manifest = publish(home, settings, progress)
        write_report(home, manifest, settings, progress)
    return manifest


@pytest.fixture(scope="session")
def workplace(
    shared: Shared, published_months: Home, tmp_path_factory: pytest.TempPathFactory
) -> Workplace:
    made = shared.make("workplace", lambda folder: make_workplace(published_months, folder))
    # Some tests write the report anew.
    return replace(made, home=copied(made.home, tmp_path_factory.mktemp("workplace") / "home"))


def make_workplace(published: Home, folder: Path) -> Workplace:
    home = copied(published, folder)
    first = published_manifest(home)
    assert first is not None
    write_report(home, first, Settings(), Progress(Console(file=io.StringIO())))
    with duckdb.connect(str(database_of(home, first.version_id)), read_only=True) as connection:
        wrong = connection.execute(
            "select _batch_id, _row_number, total_amount from staging.stg_dms__repair_orders "
            f"where quarantine_rule_id = '{RULE}' and total_amount > 0 order by all limit 2"
        ).fetchall()
    right, still_wrong = (
        LandedRow.parse("dms.repair_orders", str(batch), int(number)) for batch, number, _ in wrong
    )
    correct(home, right, {"status": "closed"}, "张三", REASON)
    correct(home, still_wrong, {"status": "lost"}, "李四", "a guess")
    second = run(home)
    return Workplace(home, first, second, right, Decimal(str(wrong[0][2])))
