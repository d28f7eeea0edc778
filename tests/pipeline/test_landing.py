"""Landing keeps every row or says why not, once, and in the order of the file."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from aftersales.contract import LINEAGE_COLUMNS, RawTable
from aftersales.files import temporary_name
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ingest import IngestSummary, ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from pipeline.support import source_path, write_all_sources, write_source

Contract = Mapping[tuple[str, str], RawTable]

TYPED = ("dms", "stores")
TEXT = ("crm", "complaints")


def land(home: Home) -> IngestSummary:
    with home.lock():
        return ingest(home, Settings(), Progress(Console(file=io.StringIO())))


def rows(path: Path, query: str = "select *") -> list[tuple[Any, ...]]:
    return duckdb.sql(f"{query} from read_parquet('{path}')").fetchall()


def fingerprints(home: Home) -> dict[str, str]:
    return {
        str(path.relative_to(home.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in (home.landing, home.rejects)
        for path in folder.rglob("*")
        if path.is_file()
    }


def landed_path(home: Home, table: RawTable, batch_id: str) -> Path:
    return home.landing / table.system / table.name / f"{batch_id}.parquet"


def rejects_of(home: Home, table: RawTable, batch_id: str) -> list[tuple[Any, ...]]:
    path = home.rejects / table.system / table.name / f"{batch_id}.parquet"
    return rows(path, "select row_number, column_name, reason, raw_text")


def write_text(home: Home, table: RawTable, extract: str, lines: list[bytes]) -> None:
    path = source_path(home, table, extract)
    path.parent.mkdir(parents=True, exist_ok=True)
    header = ",".join(table.columns).encode()
    path.write_bytes(b"\n".join([header, *lines]) + b"\n")


def text_row(table: RawTable, name: bytes = b"x") -> bytes:
    return b",".join([name] + [b"y"] * (len(table.columns) - 1))


def test_every_table_lands_with_its_lineage(home: Home, contract: Contract) -> None:
    write_all_sources(home, contract, "2025-10", rows=7)
    summary = land(home)
    assert len(summary.landed) == len(contract)
    assert summary.rows_landed == 7 * len(contract)
    for table in contract.values():
        path = landed_path(home, table, "2025-10")
        described = duckdb.sql(f"describe select * from read_parquet('{path}')").fetchall()
        assert [row[0] for row in described] == [*table.columns, *LINEAGE_COLUMNS]
        numbers = rows(path, "select _row_number, _batch_id, _source_file")
        suffix = "csv" if table.is_text else "parquet"
        name = f"{table.system}/{table.name}/2025-10.{suffix}"
        assert numbers == [(number, "2025-10", name) for number in range(1, 8)]


def test_landing_again_changes_no_byte(home: Home, contract: Contract) -> None:
    write_all_sources(home, contract, "2025-10")
    land(home)
    before = fingerprints(home)
    assert not land(home).has_news
    source_path(home, contract[TYPED], "2025-10").touch()
    assert not land(home).has_news
    assert fingerprints(home) == before


def test_other_content_of_an_extract_is_a_revision(home: Home, contract: Contract) -> None:
    table = contract[TYPED]
    write_source(home, table, "2025-10", rows=3)
    land(home)
    write_source(home, table, "2025-10", rows=5)
    summary = land(home)
    assert [batch.batch_id for batch in summary.landed] == ["2025-10.r2"]
    assert len(rows(landed_path(home, table, "2025-10"))) == 3
    assert len(rows(landed_path(home, table, "2025-10.r2"))) == 5


def test_extract_name_gives_the_last_day_covered(home: Home, contract: Contract) -> None:
    for extract in ("2024-02", "2025-11-03"):
        write_source(home, contract[TYPED], extract)
    days = {batch.extract: batch.extract_on for batch in land(home).landed}
    assert days == {"2024-02": "2024-02-29", "2025-11-03": "2025-11-03"}
    assert str(ledger.newest_day(ledger.load(home))) == "2025-11-03"


def test_text_is_kept_as_it_is(home: Home, contract: Contract) -> None:
    table = contract[TEXT]
    tail = b",".join([b"y"] * (len(table.columns) - 1))
    lines = [b'" 007 ",' + tail, '"逗号,引号"" 换行\n下"'.encode() + b"," + tail, b"," + tail]
    write_text(home, table, "2025-10", lines)
    land(home)
    first = next(iter(table.columns))
    values = rows(landed_path(home, table, "2025-10"), f"select {first}")
    assert values == [(" 007 ",), ('逗号,引号" 换行\n下',), (None,)]


def test_unreadable_rows_are_rejected_with_their_place(home: Home, contract: Contract) -> None:
    table = contract[TEXT]
    good = text_row(table)
    ragged, long, undecodable = b"a,b", good + b",more", text_row(table, b"\xff\xfe")
    write_text(home, table, "2025-10", [good, ragged, good, long, undecodable, good])
    summary = land(home)
    assert (summary.landed[0].rows_landed, summary.landed[0].rows_rejected) == (3, 3)
    numbers = rows(landed_path(home, table, "2025-10"), "select _row_number")
    assert numbers == [(1,), (3,), (6,)]
    rejects = rejects_of(home, table, "2025-10")
    assert [(row[0], row[2]) for row in rejects] == [
        (2, "missing columns"),
        (4, "too many columns"),
        (5, "invalid encoding"),
    ]
    assert rejects[0][3] == "a,b"


@pytest.mark.parametrize("key", [TYPED, TEXT])
def test_missing_columns_reject_the_file_and_name_them(
    home: Home, contract: Contract, key: tuple[str, str]
) -> None:
    table = contract[key]
    gone = list(table.columns)[1:3]
    write_source(home, table, "2025-10", without=tuple(gone))
    summary = land(home)
    assert [batch.status for batch in summary.rejected] == [ledger.REJECTED]
    expected = [(None, ", ".join(gone), "columns missing from the contract", None)]
    assert rejects_of(home, table, "2025-10") == expected


@pytest.mark.parametrize("key", [TYPED, TEXT])
def test_extra_columns_are_kept(home: Home, contract: Contract, key: tuple[str, str]) -> None:
    table = contract[key]
    write_source(home, table, "2025-10", extra={"new_column": "'kept'"})
    land(home)
    assert set(rows(landed_path(home, table, "2025-10"), "select new_column")) == {("kept",)}


def test_one_bad_file_stops_no_other(home: Home, contract: Contract) -> None:
    write_all_sources(home, contract, "2025-10")
    source_path(home, contract[TYPED], "2025-10").write_bytes(b"PAR1 this is not parquet")
    source_path(home, contract[TEXT], "2025-10").write_bytes(b"")
    stray = home.sources / "dms" / "no_such_table" / "2025-10.parquet"
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    misnamed = source_path(home, contract["dms", "bays"], "latest")
    misnamed.write_bytes(b"x")
    summary = land(home)
    assert len(summary.landed) == len(contract) - 2
    assert {batch.source_file for batch in summary.rejected} == {
        "dms/stores/2025-10.parquet",
        "crm/complaints/2025-10.csv",
        "dms/no_such_table/2025-10.parquet",
        "dms/bays/latest.parquet",
    }
    assert not land(home).has_news


def test_a_corrected_file_lands_as_a_revision(home: Home, contract: Contract) -> None:
    table = contract[TYPED]
    path = write_source(home, table, "2025-10")
    path.write_bytes(path.read_bytes()[:-20])
    assert len(land(home).rejected) == 1
    write_source(home, table, "2025-10")
    assert [batch.batch_id for batch in land(home).landed] == ["2025-10.r2"]


def test_a_batch_without_ledger_is_landed_again(home: Home, contract: Contract) -> None:
    table = contract[TYPED]
    write_source(home, table, "2025-10")
    land(home)
    before = rows(landed_path(home, table, "2025-10"), "select * exclude (_loaded_at)")
    batch = ledger.load(home)[0]
    (home.ledger / f"{batch.key}.json").unlink()
    half_written = temporary_name(landed_path(home, table, "2025-10"))
    half_written.write_bytes(b"half")
    land(home)
    after = rows(landed_path(home, table, "2025-10"), "select * exclude (_loaded_at)")
    assert after == before
    assert not half_written.exists()
    assert [one.key for one in ledger.load(home)] == [batch.key]


def test_hidden_files_are_left_alone(home: Home, contract: Contract) -> None:
    path = write_source(home, contract[TYPED], "2025-10")
    path.rename(path.with_name(".2025-10.parquet"))
    assert land(home).files_seen == 0
