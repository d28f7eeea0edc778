"""The whole way on a small company: first numbers, re-use, one more day, rollback, killed runs."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from aftersales.compare import compare_databases
from aftersales.home import Home
from aftersales.warehouse.versions import database_of, list_versions, read_pointer
from pipeline.support import run_command

BASE_DAYS = 365
SCALE = ("--scale", "1")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    home = tmp_path_factory.mktemp("run") / "home"
    return run_command("run", "--no-serve", "--home", str(home), *SCALE)


@pytest.fixture(scope="module")
def home(first_run: subprocess.CompletedProcess[str]) -> Home:
    assert first_run.returncode == 0, first_run.stderr
    return Home(Path(first_run.args[first_run.args.index("--home") + 1]))


def published_id(home: Home) -> str:
    pointer = read_pointer(home)
    assert pointer is not None
    return pointer.version_id


def command(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = run_command(*arguments, "--home", str(home.root))
    assert done.returncode == 0, done.stderr
    return done


def test_first_run_ends_with_numbers(
    first_run: subprocess.CompletedProcess[str], home: Home
) -> None:
    assert "synthetic demo company" in first_run.stdout
    assert "海淀店" in first_run.stdout
    assert f"version  {published_id(home)}" in first_run.stdout
    assert "/cubejs-api" in first_run.stdout
    assert "curl -s" in first_run.stdout
    for step in ("Make the demo company", "Land source files", "Build models", "Audit candidate"):
        assert step in first_run.stderr


def test_the_version_says_what_it_is_made_of(home: Home) -> None:
    manifest = list_versions(home)[0]
    assert manifest.synthetic_label == "synthetic demo company"
    assert manifest.verdict in {"pass", "warn"}
    assert manifest.batches == manifest.new_batches
    assert manifest.row_counts["marts.fct_store_day"] > 300
    assert manifest.timings
    assert (home.versions / manifest.version_id / "data_docs" / "index.html").is_file()


def test_a_published_file_depends_on_nothing_else(home: Home) -> None:
    with duckdb.connect(database_of(home, published_id(home)), read_only=True) as connection:
        views = connection.execute("select count(*) from duckdb_views() where not internal")
        assert views.fetchone() == (0,)
        text = connection.execute("select string_agg(sql, ' ') from duckdb_tables()").fetchone()
    assert text is not None
    assert str(home.root) not in text[0]


def test_second_run_reuses_the_version(home: Home) -> None:
    before = published_id(home)
    done = command(home, "run", "--no-serve")
    assert f"version {before} stays published" in done.stderr
    assert published_id(home) == before
    assert "海淀店" in done.stdout


def test_query_prints_what_the_marts_hold(home: Home) -> None:
    done = command(
        home,
        *("query", "-m", "store_performance.revenue", "-d", "store_performance.store_key"),
        *("--time", "store_performance.business_on", "--from", "2025-10-01", "--to", "2025-10-31"),
        "--json",
    )
    with duckdb.connect(database_of(home, published_id(home)), read_only=True) as connection:
        row = connection.execute(
            "select store_key, sum(revenue_amount) from marts.fct_store_day "
            "where business_on between date '2025-10-01' and date '2025-10-31' group by store_key"
        ).fetchone()
    assert row is not None
    rows = json.loads(done.stdout)["rows"]
    assert [one["store_performance.store_key"] for one in rows] == [row[0]]
    assert float(rows[0]["store_performance.revenue"]) == pytest.approx(float(row[1]))


def test_a_role_sees_its_stores_only(home: Home) -> None:
    done = command(
        home,
        *("query", "-m", "store_performance.revenue", "-d", "store_performance.store_key"),
        *("--role", "store_manager", "--store", "S999", "--json"),
    )
    assert json.loads(done.stdout)["rows"] == []


def test_one_more_day_continues_and_equals_a_full_build(home: Home) -> None:
    before = published_id(home)
    command(home, "run", "--no-serve", "--days", str(BASE_DAYS + 1))
    continued = list_versions(home)[0]
    assert continued.parent_version_id == before
    assert not continued.is_full_build
    assert {key.rsplit(".", 1)[-1] for key in continued.new_batches} == {"2025-11-01"}
    assert continued.as_of_on == "2025-11-01"

    command(home, "run", "--no-serve", "--full")
    full = list_versions(home)[0]
    assert full.is_full_build
    assert full.version_id != continued.version_id
    differences = compare_databases(
        database_of(home, continued.version_id), database_of(home, full.version_id)
    )
    assert [str(difference) for difference in differences] == []


def test_rollback_and_return(home: Home) -> None:
    newest = published_id(home)
    older = command(home, "rollback").stdout.strip()
    assert older == published_id(home) != newest
    assert older in command(home, "status").stdout
    marked = [line for line in command(home, "versions").stdout.splitlines() if "→" in line]
    assert [older in line for line in marked] == [True]
    command(home, "rollback", newest)
    assert published_id(home) == newest


def test_killed_runs_leave_nothing_broken(home: Home) -> None:
    script = Path(__file__).parent / "kill_test.py"
    done = subprocess.run(
        [
            *(sys.executable, str(script), "--moments", "3", "--pause", "0.2"),
            *(*SCALE, "--home", str(home.root), "--days", str(BASE_DAYS + 1)),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
