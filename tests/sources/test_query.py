"""A query in the place of a table, of a file that is a database."""

from pathlib import Path

import pytest

from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources.support import Bays, landed_rows

QUERY = "select bays.*, bay_type || '/' || store_id as place from bays where bay_id <> 'b2';"


@pytest.fixture
def bays(home: Home) -> Bays:
    made = Bays(home)
    made.table |= {"from": "bays without b2", "query": QUERY}
    made.declare()
    return made


def test_a_query_feeds_a_table(
    bays: Bays, home: Home, settings: Settings, progress: Progress
) -> None:
    assert ingest(home, settings, progress).connectors.problems == []
    assert landed_rows(home, "bay_id, place") == [("b1", "body/s1"), ("b3", "body/s1")]
    assert not ingest(home, settings, progress).has_news
    bays.add(4, moment="2025-01-06 08:00:00")
    ingest(home, settings, progress)
    assert [row[0] for row in landed_rows(home, "bay_id")] == ["b1", "b3", "b4"]


def test_a_column_that_a_query_no_longer_gives_is_drift(
    bays: Bays, home: Home, settings: Settings, progress: Progress
) -> None:
    ingest(home, settings, progress)
    bays.table["query"] = "select bay_id, store_id, installed_on, updated_at from bays"
    bays.declare()
    [drift] = ingest(home, settings, progress).connectors.drifts
    assert {change["column"] for change in drift.changes} >= {"bay_type"}


def test_a_query_that_fails_is_said(
    bays: Bays, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    bays.table["query"] = "select * from nowhere"
    bays.declare()
    [problem] = ingest(home, settings, progress).connectors.problems
    assert "bays without b2" in problem and "nowhere" in problem
