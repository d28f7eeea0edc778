"""A column looked up in another table: one row stays one row, and what is gone is told."""

from pathlib import Path
from typing import Any

import pytest

from aftersales.connectors.load import load_connector
from aftersales.connectors.run import run_connectors
from aftersales.contract import RawTable
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources.support import Bays, landed_rows

Contract = dict[tuple[str, str], RawTable]
_LOOK_UP = {"from": "name", "look_up": {"table": "stores_x", "key": "store_id", "by": "store_id"}}


@pytest.fixture
def bays(home: Home) -> Bays:
    bays = Bays(home)
    bays.table["columns"] = {"bay_type": _LOOK_UP}
    bays.declare()
    bays.run("insert into stores_x values ('s1', 'first'), ('s1', 'again'), ('s9', 'other')")
    return bays


def land(bays: Bays, settings: Settings, progress: Progress, contract: Contract) -> Any:
    path = bays.home.connectors / "bays.yml"
    with bays.home.lock():
        return run_connectors(bays.home, settings, progress, [load_connector(path, contract)])


def test_a_key_that_repeats_multiplies_no_rows(
    bays: Bays, settings: Settings, progress: Progress, contract: Contract
) -> None:
    bays.run("update bays set store_id = 's2' where bay_id = 'b2'")
    summary = land(bays, settings, progress, contract)
    assert summary.problems == []
    assert sorted(landed_rows(bays.home, "bay_id, bay_type")) == [
        ("b1", "again"),
        ("b2", None),
        ("b3", "again"),
    ]


def test_nothing_lands_twice_and_a_changed_row_lands_once(
    bays: Bays, settings: Settings, progress: Progress, contract: Contract
) -> None:
    land(bays, settings, progress, contract)
    land(bays, settings, progress, contract)
    assert len(landed_rows(bays.home, "bay_id")) == 3
    bays.run("update bays set updated_at = '2025-01-06 08:00:00' where bay_id = 'b1'")
    land(bays, settings, progress, contract)
    assert len(landed_rows(bays.home, "bay_id")) == 4


def test_a_column_that_is_gone_elsewhere_is_drift(
    bays: Bays, settings: Settings, progress: Progress, contract: Contract
) -> None:
    bays.run("alter table stores_x rename column name to title")
    (report,) = land(bays, settings, progress, contract).drifts
    assert "stores_x.name, which feeds bay_type" in report.sentence
    assert landed_rows(bays.home, "bay_id") == []


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({"look_up": _LOOK_UP["look_up"]}, "look_up names the table that from is a column of"),
        ({**_LOOK_UP, "from": ["a", "b"]}, "name one column in from"),
        ({**_LOOK_UP, "look_up": {"table": "stores_x"}}, "is a required property"),
        ({"from": "name", "todo": "which?"}, "undecided (which?): decide it and remove todo"),
    ],
)
def test_a_mistake_is_one_sentence(
    bays: Bays, contract: Contract, column: dict[str, Any], words: str
) -> None:
    bays.table["columns"] = {"bay_type": column}
    bays.declare()
    with pytest.raises(AftersalesError) as error:
        load_connector(bays.home.connectors / "bays.yml", contract)
    assert words in str(error.value)


def test_files_have_no_other_tables(home: Home, contract: Contract, tmp_path: Path) -> None:
    from sources.support import connector

    path = connector(
        home, "files", kind="csv", connection={"folder": str(tmp_path)},
        tables=[{"files": "*.csv", "feeds": "dms.bays", "columns": {"bay_type": _LOOK_UP}}],
    )  # fmt: skip
    with pytest.raises(AftersalesError, match="kind csv has no other tables to look into"):
        load_connector(path, contract)
