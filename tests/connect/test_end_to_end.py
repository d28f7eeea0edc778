"""A stranger's way, by documented commands alone: from an unknown database to published numbers.

The numbers are compared with the records of the foreign database, computed here a second time.
"""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from aftersales.connectors.engine import load_scanner
from aftersales.sql import literal
from connect.decisions import decide
from pipeline.support import run_command

_DAYS = 90
_NUMBERS = """
with orders as (
    select *, strptime(date_open, '%d.%m.%Y %H:%M') as opened_at,
        strptime(date_out, '%d.%m.%Y %H:%M') as closed_at
    from workorder
), money as (
    select wo_id, sum(cents) / 100 as yuan from (
        select wo_id, price - coalesce(rebate, 0) as cents from wo_operation
        union all select wo_id, price - coalesce(rebate, 0) from wo_material
    ) group by wo_id
), earned as (
    select branch_no, sum(yuan) as revenue,
        count(distinct (car_no, cast(opened_at as date))) as visits
    from orders left join money using (wo_id)
    where state <> '90' and cast(opened_at as date) between ? and ?
    group by branch_no
), repairs as (
    select * from orders where job_kind = 'REP' and state = '20' and assembly is not null
), returns as (
    select later.wo_id as return_id,
        arg_max(earlier.wo_id, (earlier.closed_at, earlier.wo_id)) as wo_id
    from orders as later inner join repairs as earlier
        on earlier.car_no = later.car_no and earlier.assembly = later.assembly
        and earlier.closed_at < later.opened_at and earlier.wo_id <> later.wo_id
        and cast(later.opened_at as date) <= cast(earlier.closed_at as date) + 30
    where later.job_kind = 'REP' and later.state <> '90'
    group by later.wo_id
), fixed as (
    select branch_no, avg(cast(wo_id not in (select wo_id from returns) as integer)) as rate
    from repairs
    where cast(closed_at as date) >= ? and cast(closed_at as date) + 30 <= ?
    group by branch_no
)
select title, revenue, visits, rate
from branch inner join earned using (branch_no) inner join fixed using (branch_no)
order by branch_no
"""


@pytest.fixture(scope="module")
def home(foreign: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stranger")


def numbers(foreign: Path, until: date) -> list[tuple[str, float, int, float]]:
    since = until - timedelta(days=_DAYS - 1)
    with duckdb.connect() as engine:
        load_scanner(engine, "sqlite")
        engine.execute("set sqlite_all_varchar = false")
        engine.execute(f"attach {literal(foreign)} as dms (type sqlite, read_only); use dms")
        return engine.execute(_NUMBERS, [since, until, since, until]).fetchall()


def test_a_stranger_reaches_published_numbers_that_are_right(foreign: Path, home: Path) -> None:
    place = ("--home", str(home))
    new = run_command(
        "connect", "new", "autohaus", "--kind", "sqlite", "--path", str(foreign), *place
    )
    assert new.returncode == 0, new.stderr
    assert "Next: decide the " in new.stdout
    assert f"aftersales connect check autohaus --home {home}" in new.stdout
    connector = home / "connectors" / "autohaus.yml"
    undecided = run_command("connect", "check", "autohaus", *place)
    assert undecided.returncode == 1
    # Each open column is told once, not again for the codes that wait in it.
    assert "4 errors" in undecided.stderr and undecided.stdout.count("is undecided") == 4
    refused = run_command("ingest", *place)
    assert refused.returncode == 1
    assert "undecided" in refused.stderr
    edited = decide(connector)
    assert edited <= 5
    check = run_command("connect", "check", "autohaus", *place)
    assert check.returncode == 0, check.stdout + check.stderr
    run = run_command("run", "--no-serve", *place)
    assert run.returncode == 0, run.stderr
    print(f"{edited} lines edited\n{run.stdout}")
    shown = {line.split()[0]: line.split()[1:] for line in run.stdout.splitlines() if line.split()}
    for store, revenue, visits, rate in numbers(foreign, _newest_day(foreign)):
        figures = shown[store]
        assert figures[0] == f"{revenue:,.0f}"
        assert figures[1] == f"{visits:,}"
        assert float(figures[3].rstrip("%")) == pytest.approx(100 * rate, abs=0.05)
        # What the source has no records of is unknown, not nothing.
        assert figures[4:] == ["–"] * 4


def _newest_day(foreign: Path) -> date:
    with sqlite3.connect(foreign) as database:
        (text,) = database.execute(
            "select max(substr(last_change, 7, 4) || '-' || substr(last_change, 4, 2) || '-' "
            "|| substr(last_change, 1, 2)) from workorder"
        ).fetchone()
    return date.fromisoformat(text)
