"""Hostile files: what is good lands, the rest is rejected with reasons, memory holds."""

import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ledger import Batch
from sources import hostile
from sources.hostile import Hostile

MEMORY_LIMIT_MB = 512
# Documented in docs/sources.md: DuckDB's limit, and what Python needs besides.
PEAK_BOUND_MB = MEMORY_LIMIT_MB + 512


@dataclass
class Ingested:
    """What one run over all files left behind."""

    home: Home
    files: dict[str, Hostile]
    said: str
    peak_mb: float
    exit_code: int
    batches: dict[str, list[Batch]] = field(default_factory=lambda: defaultdict(list))


def peak_of(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process and give its peak memory in MB.

    What the system accounts for a child when it has ended (ru_maxrss) begins with the memory of the
    process that started it, which is large here; the child's own mark is read while it runs.
    """
    marks = [0.0]
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        marks += [float(kb) / 1024 for kb in re.findall(r"VmHWM:\s+(\d+) kB", status)]
        time.sleep(0.02)
    return max(marks)


def run_ingest(home: Home) -> tuple[int, str, float]:
    """Run the command in its own process; give exit code, what it said, and its peak memory."""
    log = home.root / "said.txt"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "aftersales.cli", "ingest", "--home", str(home.root)],
            stdout=stream,
            stderr=stream,
            env={**os.environ, "AFTERSALES_MEMORY_LIMIT": f"{MEMORY_LIMIT_MB}MB", "COLUMNS": "200"},
        )
        peak_mb = peak_of(process)
    return process.returncode, log.read_text(encoding="utf-8"), peak_mb


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    home = Home(tmp_path_factory.mktemp("hostile") / "home")
    files = hostile.write_all(home.root / "in", home.connectors)
    code, said, peak = run_ingest(home)
    found = Ingested(home, files, said, peak, code)
    for batch in ledger.load(home):
        found.batches[batch.source_file.partition("#")[0]].append(batch)
    return found


def reasons(home: Home, batch: Batch) -> list[tuple[int | None, str | None, str, str]]:
    path = home.rejects / batch.system / batch.table / f"{batch.batch_id}.parquet"
    return duckdb.sql(
        f"select row_number, column_name, reason, source_file from read_parquet('{path}')"
    ).fetchall()


def names() -> list[str]:
    listed = []
    for kind, (_, make) in hostile.KINDS.items():
        for one in make():
            shown = one.name.replace("\n", "\\x0a").replace("\x1b", "\\x1b")
            listed.append(f"hostile_{kind}/{shown}")
    return listed


def test_there_are_many() -> None:
    assert len(names()) >= 80


def test_the_run_ends_well(ingested: Ingested) -> None:
    assert ingested.exit_code == 0, ingested.said[-3000:]


@pytest.mark.parametrize("name", names())
def test_what_is_good_lands_and_the_rest_has_a_reason(ingested: Ingested, name: str) -> None:
    file, batches = ingested.files[name], ingested.batches[name]
    landed = sum(batch.rows_landed for batch in batches)
    rejected = sum(batch.rows_rejected for batch in batches)
    expected = file.landed
    if expected < 0:
        expected = hostile.big_rows(ingested.home.root / "in" / "csv" / file.name)
    assert (landed, rejected) == (expected, file.rejected), batches
    found = [
        one for batch in batches if batch.rows_rejected for one in reasons(ingested.home, batch)
    ]
    assert all(file.reason in one[2] for one in found), found
    assert all(one[3].startswith(name) for one in found)


def test_memory_stays_bounded(ingested: Ingested) -> None:
    assert 100 < ingested.peak_mb < PEAK_BOUND_MB
    print(f"peak {ingested.peak_mb:,.0f} MB")


def landed(home: Home, where: str) -> list[tuple[object, ...]]:
    return duckdb.sql(
        "select bay_id, store_id, bay_type, installed_on::varchar, updated_at::varchar "
        f"from read_parquet('{home.landing}/dms/bays/*.parquet', union_by_name = true) "
        f"where {where} order by bay_id"
    ).fetchall()


def test_values_are_what_the_files_say(ingested: Ingested) -> None:
    home = ingested.home
    assert landed(home, "bay_id = '浦东' and bay_type = '车身' and store_id = 'S1'")
    assert landed(home, "bay_id = E'two\\nlines'")
    dates = landed(home, "bay_id in ('d1', 'd2', 'd3')")
    assert [row[3] for row in dates] == ["2025-01-03", "2025-01-04", "2025-01-05"]
    assert [row[4] for row in dates] == [
        "2025-01-03 08:05:00", "2025-01-04 08:00:00", "2025-01-05 08:00:00",
    ]  # fmt: skip
    assert landed(home, "bay_id = '=cmd|'' /C calc''!A0'")[0][1:3] == ("+1+1", "@SUM(A1)")
    for mark in ("mac", "several", "titled"):
        assert [row[3] for row in landed(home, f"bay_id like '{mark}%'")] == [
            f"2025-01-0{day}" for day in range(1, 6)
        ]
    assert landed(home, "bay_id = 'serial0'")[0][3:] == ("2025-01-01", "2025-01-01 06:00:00")
    assert landed(home, "bay_id = 'cached0'")[0][2] == "body"
    assert [row[1] for row in landed(home, "bay_id like 'merged%'")] == ["S0"] * 3 + ["S3", "S4"]
    assert landed(home, "bay_id = 'jgood0'")[0][4] == "2025-02-01 00:00:00"


def test_hidden_rows_are_noted(ingested: Ingested) -> None:
    assert ingested.batches["hostile_excel/hidden.xlsx"][0].notes == ["1 hidden rows landed: 3"]


def test_nothing_from_outside_landed(ingested: Ingested) -> None:
    assert landed(ingested.home, "bay_id like 'outside%'") == []


def test_again_lands_nothing(ingested: Ingested) -> None:
    before = len(ledger.load(ingested.home))
    code, said, _ = run_ingest(ingested.home)
    assert code == 0, said
    assert len(ledger.load(ingested.home)) == before
