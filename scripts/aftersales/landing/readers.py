"""Reading one source file as it is, in DuckDB, and what of it could not be read."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from aftersales.contract import LINEAGE_COLUMNS, RawTable
from aftersales.landing.sources import SourceFile
from aftersales.sql import identifier, literal

_HEADER_BYTES = 1 << 20
_REJECTED_RECORDS = "csv_rejects"

# Each reject with the number of its record (the header is record 1) and the count up to it.
_REJECTS_SQL = f"""
create or replace temporary table rejected_rows as
select
    cast(line - 1 as bigint) as row_number,
    row_number() over (order by line) as reject_count,
    min_by(column_name, column_idx) as column_name,
    lower(string_agg(distinct cast(error_type as varchar), '; ')) as reason,
    any_value(csv_line) as raw_text
from {_REJECTED_RECORDS}
group by line
"""

# The scanner numbers only the rows it could read: shift each by the rejects that stand before it.
_RENUMBER_SQL = """
with shifts as (
    select row_number - reject_count as rows_before, max(reject_count) as shift
    from rejected_rows
    group by all
)
select landed.* replace (
    cast(landed._row_number + coalesce(shifts.shift, 0) as bigint) as _row_number
)
from read_parquet({path}) as landed
asof left join shifts on landed._row_number > shifts.rows_before
order by landed._row_number
"""


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


def _copy(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    row = connection.execute(f"copy ({query}) to {literal(target)} (format parquet)").fetchone()
    return int(row[0]) if row else 0


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
    return ReadResult(_copy(connection, query, target))


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
    types = ", ".join(f"{literal(name)}: 'varchar'" for name in header)
    scan = (
        f"read_csv({literal(file.path)}, auto_detect = false, header = true, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{types}}}, store_rejects = true, "
        f"rejects_table = '{_REJECTED_RECORDS}', rejects_scan = 'csv_scans', rejects_limit = 0)"
    )
    for name in (_REJECTED_RECORDS, "csv_scans"):
        connection.execute(f"drop table if exists {name}")
    names = ", ".join(identifier(name) for name in header)
    numbered = f"select *, row_number() over () as record_number from {scan}"
    query = f"select {names}, {lineage.columns('record_number')} from ({numbered})"
    landed = _copy(connection, query, target)
    connection.execute(_REJECTS_SQL)
    counted = connection.execute("select count(*) from rejected_rows").fetchone()
    rejected = int(counted[0]) if counted else 0
    if rejected and landed:
        renumbered = target.with_suffix(".renumbered.tmp")
        _copy(connection, _RENUMBER_SQL.format(path=literal(target)), renumbered)
        renumbered.replace(target)
    return ReadResult(landed, rejected)
