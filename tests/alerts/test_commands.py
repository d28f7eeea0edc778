"""The digest, decisions that outlive a build, and rules replayed over history."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from aftersales.alerts.decisions import ACKNOWLEDGE, REOPEN, SNOOZE, decide
from aftersales.alerts.digest import DigestRequest, print_digest
from aftersales.alerts.replay import Replay, ReplayRequest, replay
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.control import create_alert_decisions
from aftersales.warehouse.manifest import DATABASE_NAME, PUBLISHED, Manifest
from aftersales.warehouse.versions import Pointer, write_pointer
from alerts.company import AS_OF, Company

LOW = "A9_visits:1:A9_visits 85 of 110:"
OTHER = "A9_visits:1:cause nothing:"


def publish(home: Home, version: str, database: Path) -> None:
    """Make a database the published version of a home."""
    folder = home.versions / version
    folder.mkdir(parents=True)
    shutil.copy(database, folder / DATABASE_NAME)
    manifest = Manifest(
        version_id=version,
        parent_version_id=None,
        as_of_on=AS_OF.isoformat(),
        is_full_build=True,
        state=PUBLISHED,
        code_revision="",
        warehouse_fingerprint="",
        audit_fingerprint="",
        batches=[],
        new_batches=[],
        synthetic_label="synthetic test company",
    )
    manifest.write(folder)
    pointer = Pointer(version, f"versions/{version}/{DATABASE_NAME}", "2025-11-01T00:00:00.000")
    write_pointer(home, pointer)


@pytest.fixture
def home(tmp_path: Path, company: Company) -> Home:
    made = Home(tmp_path / "home")
    publish(made, "v1", company.database)
    return made


@pytest.fixture
def next_company(tmp_path: Path, company: Company) -> Iterator[Company]:
    """The same company, to be built again."""
    made = Company(tmp_path / "next")
    shutil.copy(company.database, made.database)
    yield made


def shown(home: Home, request: DigestRequest | None = None) -> str:
    console = Console(file=io.StringIO(), width=300, highlight=False)
    print_digest(home, request or DigestRequest(), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def statuses(database: Path) -> dict[str, str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return dict(
            connection.execute(
                "select alert_id, status from marts.fct_alerts where is_open"
            ).fetchall()
        )


def test_a_bad_morning_shows_ten_stories(home: Home) -> None:
    lines = shown(home).splitlines()
    stories = [line for line in lines if line[2:3] == " " and line[:2].strip().isdigit()]
    assert len(stories) == 10
    assert "synthetic test company" in lines[0]
    assert "--all" in lines[-1]


def test_both_languages(home: Home) -> None:
    assert "预警摘要" in shown(home)
    assert "open alerts" in shown(home, DigestRequest(lang="en"))
    with pytest.raises(AftersalesError, match="zh or en"):
        shown(home, DigestRequest(lang="de"))


def test_a_store_is_shown_with_causes_and_actions(home: Home) -> None:
    text = shown(home, DigestRequest(lang="en", store="cause appointments"))
    assert "fewer appointments: supported (-40.0 %)" in text
    assert "no record can tell): cannot be tested" in text
    assert "1. Check the appointment system at once" in text
    with pytest.raises(AftersalesError, match="no store nowhere"):
        shown(home, DigestRequest(store="nowhere"))


def test_a_decision_shows_at_once(home: Home) -> None:
    [one] = decide(home, [LOW], ACKNOWLEDGE, "Zhang", "called")
    assert one.alert_id == f"{LOW}2025-10-30"
    request = DigestRequest(lang="en", store="A9_visits 85 of 110")
    assert "acknowledged (Zhang: called)" in shown(home, request)
    decide(home, [LOW], SNOOZE, "Zhang", None, date(2025, 11, 30))
    assert "asleep until 2025-11-30" in shown(home, request)
    assert "1 asleep" in shown(home, DigestRequest(lang="en"))
    decide(home, [LOW], REOPEN, "Zhang", None)
    assert "asleep until" not in shown(home, request)
    assert len(home.alert_decisions.read_text(encoding="utf-8").splitlines()) == 3


def test_decisions_survive_the_next_build(home: Home, next_company: Company) -> None:
    decide(home, [LOW], ACKNOWLEDGE, "Zhang", "called")
    decide(home, [OTHER], SNOOZE, "Zhang", None, date(2025, 11, 30))
    with duckdb.connect(next_company.database) as connection:
        create_alert_decisions(connection, home)
        # Late records: the first alert began a day earlier, and so has another name.
        connection.execute(
            "update marts.fct_store_day set visit_count = 700 "
            "where store_key = 'A9_visits 85 of 110' and business_on = '2025-10-28'"
        )
    next_company.run_models()
    publish(home, "v2", next_company.database)
    found = statuses(next_company.database)
    assert found[f"{LOW}2025-10-28"] == "acknowledged"
    assert found[f"{OTHER}2025-10-30"] == "snoozed"
    assert "acknowledged (Zhang: called)" in shown(
        home, DigestRequest(lang="en", store="A9_visits 85 of 110")
    )
    with duckdb.connect(str(next_company.database), read_only=True) as connection:
        ranked = connection.execute(
            "select count(*) from marts.fct_alerts "
            "where status = 'snoozed' and priority_rank is not null"
        ).fetchone()
    assert ranked == (0,)


def test_a_snoozed_alert_wakes_up(home: Home, next_company: Company) -> None:
    decide(home, [OTHER], SNOOZE, "Zhang", None, AS_OF)
    with duckdb.connect(next_company.database) as connection:
        create_alert_decisions(connection, home)
    next_company.run_models()
    assert statuses(next_company.database)[f"{OTHER}2025-10-30"] == "snoozed"
    with duckdb.connect(next_company.database) as connection:
        connection.execute("update landing.run_context set as_of_on = as_of_on + 1")
    next_company.dbt("run", "--quiet", "--select", "fct_alerts")
    assert statuses(next_company.database)[f"{OTHER}2025-10-30"] == "open"


@pytest.mark.parametrize(
    ("asked", "by", "until", "message"),
    [
        ("A9_visits", "Zhang", None, "write more of the id"),
        ("A99", "Zhang", None, "no open alert A99"),
        (LOW, " ", None, "needs a name"),
        (LOW, "Zhang", date(2025, 10, 1), "cannot sleep until"),
    ],
)
def test_what_cannot_be_decided(
    home: Home, asked: str, by: str, until: date | None, message: str
) -> None:
    with pytest.raises(AftersalesError, match=message):
        decide(home, [asked], SNOOZE, by, None, until)
    assert not home.alert_decisions.exists()


def test_a_source_that_is_late_makes_a_data_alert(next_company: Company) -> None:
    """Days that the extracts do not reach cannot be blamed on a store."""
    with duckdb.connect(next_company.database) as connection:
        connection.execute(
            "update landing.batches set extract_on = date '2025-10-28' where system = 'dms'"
        )
    next_company.run_models()
    with duckdb.connect(str(next_company.database), read_only=True) as connection:
        rows = connection.execute(
            "select distinct classification from marts.fct_alerts "
            "where is_open and rule_id = 'A9_visits' "
            "and store_key in ('A9_visits 85 of 110', 'cause nothing')"
        ).fetchall()
    assert rows == [("data",)]


def run(home: Home, *thresholds: str, rule: str = "A9") -> Replay:
    request = ReplayRequest(rule, date(2025, 7, 1), AS_OF, thresholds)
    return replay(home, Settings(), Progress(), request)


def table(result: Replay, title: str) -> list[dict[str, object]]:
    [(_, names, rows)] = [one for one in result.tables if one[0] == title]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_a_replay_gives_the_alerts_of_the_version(
    home: Home, judged: duckdb.DuckDBPyConnection
) -> None:
    [found] = table(run(home), "Alerts opened, rules in force")
    expected = judged.execute(
        "select count(*), count(*) filter (where worst_colour = 'red' and classification <> 'data')"
        " from marts.fct_alerts where rule_id = 'A9_visits' and opened_on >= '2025-07-01'"
    ).fetchone()
    assert (found["alert_count"], found["red_count"]) == expected


def test_a_replay_tells_what_another_threshold_would_change(home: Home) -> None:
    result = run(home, "red=25", rule="A9_visits")
    [now] = table(result, "Alerts opened, rules in force")
    [tried] = table(result, "Alerts opened, as tried")
    flips = table(result, "Colours that flip")
    assert now["alert_count"] == tried["alert_count"]
    assert int(str(tried["red_count"])) < int(str(now["red_count"]))
    assert [(row["colour_now"], row["colour_tried"]) for row in flips] == [("red", "yellow")]


@pytest.mark.parametrize(
    ("thresholds", "rule", "message"),
    [
        (("red",), "A9", "name=number"),
        (("colour=3",), "A9", "no threshold colour"),
        ((), "A99", "There is no rule A99"),
    ],
)
def test_what_cannot_be_replayed(
    home: Home, thresholds: tuple[str, ...], rule: str, message: str
) -> None:
    with pytest.raises(AftersalesError, match=message):
        run(home, *thresholds, rule=rule)


def test_a_replay_needs_days_in_order(home: Home) -> None:
    request = replace(ReplayRequest("A9", AS_OF, AS_OF), until=date(2025, 1, 1))
    with pytest.raises(AftersalesError, match="exchange them"):
        replay(home, Settings(), Progress(), request)
