"""Corrections by stewards: a wrong row re-enters as a new version of itself, in a batch of its own.

Landed batches never change. A correction names a landed row, a column and the right value, with
author and reason; the row, so corrected, lands beside its batch as `<batch>.c<number>`, sorts after
it and before the next extract, and is judged like any other row.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from aftersales.contract import LINEAGE_COLUMNS
from aftersales.decision_file import append_decisions, decisions_select
from aftersales.errors import AftersalesError
from aftersales.files import put_in_place, temporary_name
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ledger import Batch, data_path
from aftersales.sql import identifier, literal

COLUMNS = {
    "correction_number": "integer",
    "system": "varchar",
    "table_name": "varchar",
    "batch_id": "varchar",
    "row_number": "bigint",
    "column_name": "varchar",
    "corrected_value": "varchar",
    "decided_by": "varchar",
    "reason": "varchar",
    "decided_on": "date",
}
_NUMBER_DIGITS = 6


@dataclass(frozen=True)
class LandedRow:
    """A row of a landed batch."""

    system: str
    table: str
    batch_id: str
    row_number: int

    @classmethod
    def parse(cls, table: str, batch_id: str, row_number: int) -> "LandedRow":
        """Take `system.table` or the name of the staging model; raise when it is neither."""
        name = table.removeprefix("stg_").replace("__", ".", 1)
        system, dot, raw_table = name.partition(".")
        if not dot or not raw_table:
            raise AftersalesError(f"'{table}' is not a table: write it like dms.repair_orders.")
        return cls(system, raw_table, batch_id, row_number)


def corrections_select(home: Home) -> str:
    """A SELECT over the corrections kept in a home, maybe empty."""
    return decisions_select(home.corrections, COLUMNS)


def correct(
    home: Home, row: LandedRow, values: Mapping[str, str | None], decided_by: str, reason: str
) -> None:
    """Record the right values of columns of a landed row; the next ingest lands the row anew.

    Raises AftersalesError when the row or a column does not exist, a value does not fit its
    column, nothing would change, or author or reason is empty.
    """
    if not decided_by.strip() or not reason.strip():
        raise AftersalesError("A correction needs an author and a reason: give --by and --reason.")
    if not values:
        raise AftersalesError("A correction needs a value: add --set COLUMN=VALUE.")
    values = {column.lower(): value for column, value in values.items()}
    _check(home, row, values)
    # The day the steward looks at, as with decisions about alerts; the machine's clock is no part.
    known_to = ledger.newest_day(ledger.load(home))

    def numbered(first: int) -> list[dict[str, Any]]:
        return [
            {
                "correction_number": first + position,
                "system": row.system,
                "table_name": row.table,
                "batch_id": row.batch_id,
                "row_number": row.row_number,
                "column_name": column,
                "corrected_value": value,
                "decided_by": decided_by.strip(),
                "reason": reason.strip(),
                "decided_on": known_to.isoformat() if known_to else None,
            }
            for position, (column, value) in enumerate(values.items())
        ]

    append_decisions(home.corrections, numbered)


def _check(home: Home, row: LandedRow, values: Mapping[str, str | None]) -> None:
    batch = _batches(home).get((row.system, row.table, row.batch_id))
    if batch is None:
        raise AftersalesError(
            f"There is no landed batch {row.batch_id} of {row.system}.{row.table}: take table, "
            "batch and row as the quality report lists them."
        )
    with duckdb.connect(":memory:") as connection:
        scan = f"read_parquet({literal(data_path(home, batch))})"
        types = {
            str(name).lower(): str(kind)
            for name, kind, *_ in connection.execute(f"describe select * from {scan}").fetchall()
        }
        for column, value in values.items():
            if column not in types or column in LINEAGE_COLUMNS:
                known = ", ".join(name for name in types if name not in LINEAGE_COLUMNS)
                raise AftersalesError(
                    f"{row.system}.{row.table} has no column '{column}'; it has {known}."
                )
            fits = connection.execute(
                f"select ? is null or try_cast(? as {types[column]}) is not null", [value, value]
            ).fetchone()
            if not fits or not fits[0]:
                raise AftersalesError(
                    f"'{value}' is no value of {column}, which is {types[column].lower()}: "
                    "write it as the source would."
                )
        same = " and ".join(
            f"{identifier(column)} is not distinct from cast(? as {types[column]})"
            for column in values
        )
        found = connection.execute(
            f"select {same} from {scan} where _row_number = ?", [*values.values(), row.row_number]
        ).fetchone()
    if found is None:
        raise AftersalesError(
            f"Batch {row.batch_id} of {row.system}.{row.table} has no row {row.row_number}: take "
            "it as the quality report lists it."
        )
    if found[0]:
        raise AftersalesError("The row has these values already: nothing to correct.")


def _batches(home: Home) -> dict[tuple[str, str, str], Batch]:
    return {
        (batch.system, batch.table, batch.batch_id): batch
        for batch in ledger.load(home)
        if batch.status == ledger.LANDED
    }


def land_corrections(home: Home, connection: duckdb.DuckDBPyConnection) -> list[Batch]:
    """Land the corrected rows of corrections that are newer than the last landed of their batch.

    A row lands with all its corrections, the newest of each column. Call it with the lock held.
    """
    if not home.corrections.is_file():
        return []
    batches = _batches(home)
    connection.execute(
        f"create or replace temporary table corrections as {corrections_select(home)}"
    )
    newest = connection.execute(
        "select system, table_name, batch_id, max(correction_number) from corrections "
        "group by all order by all"
    ).fetchall()
    landed = []
    for system, table, batch_id, number in newest:
        original = batches[system, table, batch_id]
        last = _last_landed(batches, original)
        if number > last:
            landed.append(_land(home, connection, original, last, number))
    return landed


def _last_landed(batches: Iterable[tuple[str, str, str]], original: Batch) -> int:
    """The number of the newest correction of a batch that has landed, 0 for none."""
    prefix = f"{original.batch_id}.c"
    return max(
        (
            int(batch_id.removeprefix(prefix))
            for system, table, batch_id in batches
            if (system, table) == (original.system, original.table) and batch_id.startswith(prefix)
        ),
        default=0,
    )


def _land(
    home: Home, connection: duckdb.DuckDBPyConnection, original: Batch, last: int, number: int
) -> Batch:
    batch_id = f"{original.batch_id}.c{number:0{_NUMBER_DIGITS}}"
    source_file = home.corrections.relative_to(home.root).as_posix()
    loaded_at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "seconds")
    query = _corrected_rows_query(connection, data_path(home, original), original, last)
    lineage = (
        f"{literal(source_file)} as _source_file, {literal(batch_id)} as _batch_id, "
        f"timestamp {literal(loaded_at)} as _loaded_at"
    )
    target = home.landing / original.system / original.table / f"{batch_id}.parquet"
    temporary = temporary_name(target)
    counted = connection.execute(
        f"copy (select * replace ({lineage}) from ({query}) order by _row_number) "
        f"to {literal(temporary)} (format parquet)"
    ).fetchone()
    put_in_place(temporary, target)
    with target.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    batch = replace(
        original,
        batch_id=batch_id,
        extract=batch_id,
        source_file=source_file,
        content_sha256=sha256,
        source_bytes=0,
        source_modified_ns=0,
        rows_landed=int(counted[0]) if counted else 0,
        rows_rejected=0,
        landed_at=loaded_at,
        # Not a row the source handed out: a connector compares its source with what came from it.
        connector=None,
        connector_sha256=None,
        source_table=None,
        source_columns={},
        cursor_high=None,
        rows_deleted=0,
        parts=1,
        notes=[],
    )
    ledger.record(home, batch)
    return batch


def _corrected_rows_query(
    connection: duckdb.DuckDBPyConnection, path: Path, original: Batch, last: int
) -> str:
    """The rows with a correction after `last`, every column with its newest value."""
    scan = f"read_parquet({literal(path)})"
    of_batch = (
        f"system = {literal(original.system)} and table_name = {literal(original.table)} "
        f"and batch_id = {literal(original.batch_id)}"
    )
    corrected = {
        str(row[0])
        for row in connection.execute(
            f"select distinct column_name from corrections where {of_batch}"
        ).fetchall()
    }
    types = {
        str(name): str(kind)
        for name, kind, *_ in connection.execute(f"describe select * from {scan}").fetchall()
        if str(name).lower() in corrected
    }
    newest = ", ".join(
        f"bool_or({_is(name)}) as {identifier('has ' + name)}, "
        f"arg_max_null(corrected_value, correction_number) filter ({_is(name)}) "
        f"as {identifier('new ' + name)}"
        for name in types
    )
    replaced = ", ".join(
        f"case when fixes.{identifier('has ' + name)} "
        f"then cast(fixes.{identifier('new ' + name)} as {kind}) "
        f"else landed.{identifier(name)} end as {identifier(name)}"
        for name, kind in types.items()
    )
    return (
        f"with fixes as (select row_number, {newest} from corrections where {of_batch} "
        f"group by row_number having max(correction_number) > {last}) "
        f"select landed.* replace ({replaced}) from {scan} as landed "
        "inner join fixes on landed._row_number = fixes.row_number"
    )


def _is(column: str) -> str:
    return f"column_name = {literal(column.lower())}"
