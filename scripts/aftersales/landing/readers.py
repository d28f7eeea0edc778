"""Reading one source file as it is, in DuckDB, and what of it could not be read."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from aftersales.contract import LINEAGE_COLUMNS, RawTable
from aftersales.landing.delimited import Dialect, copy_delimited, copy_rows
from aftersales.landing.sources import SourceFile
from aftersales.sql import literal

_HEADER_BYTES = 1 << 20


class UnreadableFileError(Exception):
    """A file that cannot be landed at all; the text is the reason, column names those concerned."""

    def __init__(self, reason: str, columns: str | None = None) -> None:
        """Keep the reason and the columns."""
        super().__init__(reason)
        self.reason = reason
        self.columns = columns


@dataclass(frozen=True)
class Lineage:
    """The values written beside every row of a batch."""

    source_file: str
    batch_id: str
    loaded_at: str

    def columns(self, row_number: str) -> str:
        """The lineage columns as SQL, in the order the contract names them."""
        values = (
            literal(self.source_file),
            row_number,
            literal(self.batch_id),
            f"timestamp {literal(self.loaded_at)}",
        )
        return ", ".join(
            f"cast({value} as {kind}) as {name}"
            for (name, kind), value in zip(LINEAGE_COLUMNS.items(), values, strict=True)
        )


@dataclass
class ReadResult:
    """How many rows a file gave, and how many were rejected into `rejected_rows`."""

    rows_landed: int
    rows_rejected: int = field(default=0)


def read_file(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    table: RawTable,
    lineage: Lineage,
    target: Path,
) -> ReadResult:
    """Write the readable rows of a file to `target`; raise when it cannot be read at all."""
    try:
        if file.path.suffix == ".parquet":
            return _read_parquet(connection, file, table, lineage, target)
        return _read_csv(connection, file, table, lineage, target)
    except duckdb.Error as error:
        raise UnreadableFileError(f"unreadable file: {str(error).splitlines()[0]}") from error


def _check_columns(columns: list[str], table: RawTable) -> None:
    names = [column.lower() for column in columns]
    missing = [name for name in table.columns if name not in names]
    if missing:
        raise UnreadableFileError("columns missing from the contract", ", ".join(missing))
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise UnreadableFileError("columns named twice", ", ".join(repeated))
    reserved = [name for name in names if name in LINEAGE_COLUMNS]
    if reserved:
        raise UnreadableFileError("columns with names kept for lineage", ", ".join(reserved))


def _read_parquet(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    table: RawTable,
    lineage: Lineage,
    target: Path,
) -> ReadResult:
    scan = f"read_parquet({literal(file.path)}, file_row_number = true)"
    described = connection.execute(f"describe select * from {scan}").fetchall()
    _check_columns([row[0] for row in described if row[0] != "file_row_number"], table)
    query = (
        f"select * exclude (file_row_number), {lineage.columns('file_row_number + 1')} from {scan}"
    )
    return ReadResult(copy_rows(connection, query, target))


def _csv_header(path: Path) -> list[str]:
    with path.open("rb") as stream:
        start = stream.read(_HEADER_BYTES)
    try:
        text = start.decode("utf-8-sig", "strict" if len(start) < _HEADER_BYTES else "ignore")
    except UnicodeDecodeError as error:
        # Rows that are not UTF-8 are rejected one by one; only the header has to be readable.
        text = start[: error.start].decode("utf-8-sig")
        if "\n" not in text:
            raise UnreadableFileError("the header is not UTF-8 text") from error
    header = next(csv.reader(io.StringIO(text)), [])
    if not header:
        raise UnreadableFileError("the file is empty: not even a header")
    return header


def _read_csv(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    table: RawTable,
    lineage: Lineage,
    target: Path,
) -> ReadResult:
    header = _csv_header(file.path)
    _check_columns(header, table)
    return ReadResult(
        *copy_delimited(connection, file.path, header, Dialect(), lineage.columns, target)
    )
