"""Two stores keep their records in a system of another shape: nothing of it shows downstream."""

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from aftersales.compare import compare_databases, compare_relations
from aftersales.contract import load_contract
from aftersales.demo import generate
from aftersales.demo.legacy.writer import STORE_TABLES, TABLES
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.corrections import LandedRow, correct
from aftersales.landing.ingest import ingest
from aftersales.landing.ledger import LANDED
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.build import build
from aftersales.warehouse.candidate import finished_candidate
from aftersales.warehouse.plan import BuildRequest

STORES, SEED, DAYS, LEGACY_STORES = "3", 7, 61, 2
SETTINGS = Settings()
LINEAGE = {
    *("_batch_id", "_source_file", "_row_number"),
    *("batch_id", "source_file", "row_number", "corrected_batch_id"),
}


def progress() -> Progress:
    return Progress(Console(file=io.StringIO(), width=300))


def built(home: Home, *, is_full: bool) -> Path:
    ingest(home, SETTINGS, progress()).raise_if_incomplete()
    build(home, SETTINGS, progress(), BuildRequest(is_full=is_full))
    folder, _ = finished_candidate(home)
    return folder / "warehouse.duckdb"


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def repair_one(home: Home) -> str:
    """Correct the payer of the first legacy order that has a wrong one; give the order."""
    found = duckdb.sql(
        "select _batch_id, _row_number, store_id || ':' || repair_order_no as record_key "
        f"from read_parquet('{home.landing}/dms/repair_orders/*.parquet', union_by_name = true) "
        "where pay_type = 'voucher' and store_id in ('S001', 'S002') and _batch_id < '2024-12' "
        "order by record_key limit 1"
    ).fetchall()
    batch_id, number, key = found[0]
    row = LandedRow("dms", "repair_orders", batch_id, number)
    correct(home, row, {"pay_type": "customer"}, "steward", "the invoice says so")
    return str(key)


@dataclass(frozen=True)
class Pair:
    """The same company with one DMS and with two, at the same day, one row corrected in each."""

    one: Home
    two: Home
    database_of_one: Path
    database_of_two: Path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """With one DMS all is built afresh; with two the last day and a correction come later."""
    one, two = (Home(tmp_path_factory.mktemp(name)) for name in ("one", "two"))
    generate(one.root, STORES, SEED, DAYS + 1)
    ingest(one, SETTINGS, progress())
    generate(two.root, STORES, SEED, DAYS, legacy_stores=LEGACY_STORES)
    built(two, is_full=True)
    generate(two.root, STORES, SEED, DAYS + 1, legacy_stores=LEGACY_STORES)
    ingest(two, SETTINGS, progress())
    assert repair_one(one) == repair_one(two)
    return Pair(one, two, built(one, is_full=True), built(two, is_full=False))


def test_every_public_table_is_the_same(pair: Pair) -> None:
    schemas = ("marts", "reference")
    assert compare_databases(pair.database_of_one, pair.database_of_two, schemas) == []


def test_every_other_table_is_the_same_but_for_where_its_rows_came_from(pair: Pair) -> None:
    differing, by_batch = set(), set()
    with duckdb.connect() as connection:
        for side, path in (("one", pair.database_of_one), ("two", pair.database_of_two)):
            connection.execute(f"attach '{path}' as {side} (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = "
            "'one' and schema_name in ('staging', 'intermediate', 'quality')"
        ).fetchall()
        for (name,) in tables:
            described = connection.execute(f"describe one.{name}").fetchall()
            columns = {row[0] for row in described}
            if "batch_id" in columns and "row_number" not in columns:
                by_batch.add(name)
            kept = ", ".join(row[0] for row in described if row[0] not in LINEAGE)
            sides = [f"(select {kept} from {side}.{name})" for side in ("one", "two")]
            if compare_relations(connection, name, *sides) is not None:
                differing.add(name)
    assert len(tables) > 50
    # What is counted by batch differs, since both systems hand out batches of their own.
    assert differing <= by_batch
    assert {"quality.dq_landed_rows", "quality.dq_row_accounting"} <= differing


def test_rows_landed_are_clean_quarantined_or_repaired(pair: Pair) -> None:
    for home, database in (
        (pair.one, pair.database_of_one),
        (pair.two, pair.database_of_two),
    ):
        accounts = {
            (system, table, batch_id): counts
            for system, table, batch_id, *counts in rows(
                database,
                "select system, table_name, batch_id, rows_landed, rows_clean, rows_quarantined, "
                "rows_repaired from quality.dq_row_accounting",
            )
        }
        landed = [batch for batch in ledger.load(home) if batch.status == LANDED]
        assert accounts.keys() == {(one.system, one.table, one.batch_id) for one in landed}
        for batch in landed:
            in_file = duckdb.sql(
                f"select count(*) from read_parquet('{ledger.data_path(home, batch)}')"
            ).fetchone()
            total, clean, quarantined, repaired = accounts[
                batch.system, batch.table, batch.batch_id
            ]
            assert in_file == (total,)
            assert total == clean + quarantined + repaired, batch.key
        sums = [sum(one[place] for one in accounts.values()) for place in range(4)]
        legacy = [batch for batch in landed if batch.connector]
        print(
            f"{len(accounts)} batches, {len(legacy)} of the legacy system with "
            f"{sum(batch.rows_landed for batch in legacy):,} rows: landed {sums[0]:,} = clean "
            f"{sums[1]:,} + quarantined {sums[2]:,} + repaired {sums[3]:,}"
        )
        assert sums[2] > 0
        assert sums[3] == 1
    assert {batch.table for batch in landed if batch.connector} == STORE_TABLES


def test_what_the_legacy_system_handed_out_has_landed(pair: Pair) -> None:
    """Rows of its files, counted without the connector; a wide row counts once a moment."""
    landed = {
        name: sum(
            batch.rows_landed
            for batch in ledger.load(pair.two)
            if batch.connector and (batch.source_table or "").startswith(f"{name}/")
        )
        for name in TABLES
    }
    handed_out = {}
    for name in TABLES:
        files = sorted((pair.two.legacy / name).glob("*.csv"))
        records = [
            record
            for path in files
            for record in csv.DictReader(path.read_text("gb18030").splitlines())
        ]
        handed_out[name] = len(records)
        if name == "gdjd":
            moments = [column for column in records[0] if column.endswith("sj")]
            handed_out[name] = sum(record[one] != "" for record in records for one in moments)
    assert landed == handed_out


def test_the_answer_key_is_the_same(pair: Pair) -> None:
    for path in sorted((pair.one.root / "answer_key").glob("*.parquet")):
        other = pair.two.root / "answer_key" / path.name
        assert path.read_bytes() == other.read_bytes()
    planted = duckdb.sql(
        f"select distinct table_name from '{pair.two.root}/answer_key/defects.parquet' "
        "where system = 'dms' and store_id in ('S001', 'S002')"
    ).fetchall()
    assert {"repair_orders", "ro_status_events", "labour_lines", "bay_occupancy"} <= {
        name for (name,) in planted
    }


def test_a_wrong_mapping_would_show(pair: Pair, tmp_path: Path) -> None:
    wrong = Home(tmp_path / "wrong")
    for name in ("legacy", "connectors", "sources"):
        shutil.copytree(pair.two.root / name, wrong.root / name)
    path = wrong.connectors / "legacy_dms.yml"
    text = path.read_text(encoding="utf-8")
    for right, false in (
        ("{from: gsfz, unit: 分钟", "{from: gsfz, unit: 小时"),
        ("{标: A, 成: B,", "{标: B, 成: A,"),
        ('{"1": shift, "2": job}', '{"1": job, "2": shift}'),
        ("opened: [jdsj, jdlr, jdbh]", "opened: [dcsj, jdlr, jdbh]"),
        ('format: "%d.%m.%Y"', 'format: "%m.%d.%Y"'),
    ):
        assert right in text
        text = text.replace(right, false)
    path.write_text(text, encoding="utf-8")
    ingest(wrong, SETTINGS, progress())
    assert landed_differently(pair.one, pair.two) == set()
    assert landed_differently(pair.one, wrong) == {
        "stores", "bays", "labour_lines", "clock_events", "ro_status_events",
    }  # fmt: skip


def landed_differently(one: Home, other: Home) -> set[str]:
    """The tables of the DMS whose landed rows differ in a column of the contract.

    A CSV file does not tell an empty text from none; staging makes none of both.
    """
    found = set()
    contract = load_contract(SETTINGS.project_dir)
    for name in STORE_TABLES:
        columns = ", ".join(
            f"nullif(cast({column} as varchar), '')" for column in contract["dms", name].columns
        )
        sides = [
            f"select {columns} from read_parquet('{home.landing}/dms/{name}/*.parquet', "
            "union_by_name = true) where _batch_id not like '%.c0%'"
            for home in (one, other)
        ]
        for left, right in (sides, sides[::-1]):
            if duckdb.sql(f"{left} except all {right} limit 1").fetchall():
                found.add(name)
    return found
