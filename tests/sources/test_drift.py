"""Columns that come, go, change name or type: seen, reported with the models, handled by policy."""

import json

import pytest

from aftersales.home import Home
from aftersales.landing.ingest import IngestSummary, ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources.support import Bays, landed_batches, landed_rows, rejects

NEW = "alter table bays add column lift_no text default 'L1'"
GONE = "alter table bays drop column installed_on"
RENAMED = "alter table bays rename column installed_on to installed_day"
RETYPED = (
    "create table other (bay_id text, store_id text, bay_type text, installed_on bigint, "
    "retired_on date, updated_at timestamp)"
)


class Company:
    """A home with one SQLite source that has landed once."""

    def __init__(self, home: Home, settings: Settings, progress: Progress, policy: str) -> None:
        self.home, self.settings, self.progress = home, settings, progress
        self.bays = Bays(home, schema_policy=policy)
        assert self.ingest().connectors.drifts == []
        self.bays.add(4, moment="2025-01-06 08:00:00")

    def ingest(self) -> IngestSummary:
        return ingest(self.home, self.settings, self.progress)

    def change(self, statement: str) -> IngestSummary:
        if statement is RETYPED:
            self.bays.run(
                statement,
                "insert into other select bay_id, store_id, bay_type, 20240101, retired_on, "
                "updated_at from bays",
                "drop table bays",
                "alter table other rename to bays",
            )
        else:
            self.bays.run(statement)
        return self.ingest()


@pytest.fixture
def company(
    home: Home, settings: Settings, progress: Progress, request: pytest.FixtureRequest
) -> Company:
    return Company(home, settings, progress, request.param)


def kinds(summary: IngestSummary) -> list[tuple[str, str | None]]:
    (report,) = summary.connectors.drifts
    return [(str(one["kind"]), one["raw_column"]) for one in report.changes]


SEEN = [
    (NEW, [("new", None)]),
    (GONE, [("missing", "installed_on")]),
    (RENAMED, [("renamed", "installed_on")]),
    (RETYPED, [("re-typed", "installed_on")]),
]


@pytest.mark.parametrize(("statement", "expected"), SEEN)
@pytest.mark.parametrize("company", ["accept"], indirect=True)
def test_accept_reports_and_loads(
    company: Company, statement: str, expected: list[tuple[str, str | None]]
) -> None:
    summary = company.change(statement)
    assert kinds(summary) == expected
    assert landed_rows(company.home, "bay_id")[3:][0] != ()
    assert ("b4",) in landed_rows(company.home, "bay_id")


@pytest.mark.parametrize(("statement", "expected"), SEEN[1:])
@pytest.mark.parametrize("company", ["quarantine"], indirect=True)
def test_quarantine_holds_what_endangers_models(
    company: Company, statement: str, expected: list[tuple[str, str | None]]
) -> None:
    company.bays.declare(
        schema_policy="quarantine",
        tables=[
            company.bays.table,
            {
                "from": "stores_x",
                "feeds": "dms.stores",
                "columns": {
                    name: {"absent": True}
                    for name in (
                        "region_name", "city_name", "brand_name", "store_class", "opened_on",
                        "time_zone", "opens_hour", "closes_hour", "updated_at",
                    )
                }
                | {"store_name": "name"},
            },
        ],
    )  # fmt: skip
    company.bays.run("insert into stores_x values ('s1', '浦东店')")
    summary = company.change(statement)
    assert kinds(summary) == expected
    assert [batch.table for batch in summary.landed] == ["stores"]
    (report,) = summary.connectors.drifts
    assert report.outcome == "held"
    assert {"stg_dms__bays", "fct_store_day"} <= set(report.endangered_models)
    kept = json.loads(next((company.home.landing / "_drift").glob("*.json")).read_text())
    assert kept["endangered_models"] == report.endangered_models
    if statement is RENAMED:
        assert "declare installed_on: installed_day" in report.sentence
        company.bays.table["columns"] = {"installed_on": "installed_day"}
        company.bays.declare(schema_policy="quarantine")
        assert len(landed_batches(company.home)) == 1
        company.ingest()
        assert ("b4", "2024-01-01") in landed_rows(company.home, "bay_id, installed_on::varchar")


@pytest.mark.parametrize("company", ["quarantine"], indirect=True)
def test_quarantine_leaves_a_new_column_out(company: Company) -> None:
    summary = company.change(NEW)
    assert kinds(summary) == [("new", None)]
    assert [batch.rows_landed for batch in summary.landed] == [1]
    assert "lift_no" not in landed_batches(company.home)[-1].source_columns


@pytest.mark.parametrize("company", ["stop"], indirect=True)
def test_stop_lands_nothing_more_of_the_source(company: Company) -> None:
    summary = company.change(NEW)
    assert summary.connectors.stopped == ["bays"]
    assert summary.landed == []
    with pytest.raises(Exception, match="bays stopped because its columns changed"):
        summary.raise_if_stopped()
    company.bays.run("alter table bays drop column lift_no")
    assert [batch.rows_landed for batch in company.ingest().landed] == [1]
    assert list((company.home.landing / "_drift").glob("*.json")) == []


@pytest.mark.parametrize("company", ["accept"], indirect=True)
def test_a_key_that_is_gone_never_lands(company: Company) -> None:
    summary = company.change("alter table bays rename column bay_id to bay_no")
    assert summary.landed == []
    assert kinds(summary) == [("renamed", "bay_id")]


@pytest.mark.parametrize("company", ["accept"], indirect=True)
def test_a_table_that_is_gone_is_drift(company: Company) -> None:
    summary = company.change("drop table bays")
    assert kinds(summary) == [("table gone", None)]
    assert summary.landed == []


@pytest.mark.parametrize("company", ["accept"], indirect=True)
def test_what_no_longer_fits_its_type_is_rejected_by_row(company: Company) -> None:
    company.bays.run("update bays set installed_on = 'soon' where bay_id = 'b4'")
    company.bays.add(5, moment="2025-01-06 09:00:00")
    (batch,) = company.ingest().landed
    assert (batch.rows_landed, batch.rows_rejected) == (1, 1)
    assert rejects(company.home, batch)[0][1:3] == ("installed_on", "not a date")
