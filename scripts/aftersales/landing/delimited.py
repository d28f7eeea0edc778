"""Reading delimited text in DuckDB: every record as text, and what of it could not be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from aftersales.sql import identifier, literal

_REJECTED_RECORDS = "csv_rejects"
_LONGEST_LINE_BYTES = 2 << 20

# Each reject with the number of its record (the header is record 1) and the count up to it.
_REJECTS_SQL = f"""
create or replace temporary table rejected_rows as
select
    cast(line - {{lines_before}} as bigint) as row_number,
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


@dataclass(frozen=True)
class Dialect:
    """How the fields of a text are parted; `skip` lines stand before the first record."""

    delimiter: str = ","
    quote: str = '"'
    has_header: bool = True
    skip: int = 0

    @property
    def lines_before(self) -> int:
        """Lines before the first record."""
        return self.skip + int(self.has_header)


def copy_delimited(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    header: Sequence[str],
    dialect: Dialect,
    lineage: Callable[[str], str],
    target: Path,
) -> tuple[int, int]:
    """Write the readable records as text to `target`; the others are listed in `rejected_rows`.

    `lineage` gives the columns that follow the fields, from the SQL of a record's number; one of
    them is `_row_number`. The numbers of rows written and rejected come back.
    """
    types = ", ".join(f"{literal(name)}: 'varchar'" for name in header)
    scan = (
        f"read_csv({literal(path)}, auto_detect = false, "
        f"header = {str(dialect.has_header).lower()}, skip = {dialect.skip}, "
        f"delim = {literal(dialect.delimiter)}, quote = {literal(dialect.quote)}, "
        f"escape = {literal(dialect.quote)}, columns = {{{types}}}, "
        f"max_line_size = {_LONGEST_LINE_BYTES}, store_rejects = true, "
        f"rejects_table = '{_REJECTED_RECORDS}', rejects_scan = 'csv_scans', rejects_limit = 0)"
    )
    for name in (_REJECTED_RECORDS, "csv_scans"):
        connection.execute(f"drop table if exists {name}")
    names = ", ".join(identifier(name) for name in header)
    numbered = f"select *, row_number() over () as record_number from {scan}"
    landed = copy_rows(
        connection, f"select {names}, {lineage('record_number')} from ({numbered})", target
    )
    connection.execute(_REJECTS_SQL.format(lines_before=dialect.lines_before))
    counted = connection.execute("select count(*) from rejected_rows").fetchone()
    rejected = int(counted[0]) if counted else 0
    if rejected and landed:
        renumbered = target.with_suffix(".renumbered.tmp")
        copy_rows(connection, _RENUMBER_SQL.format(path=literal(target)), renumbered)
        renumbered.replace(target)
    return landed, rejected


def copy_rows(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write the rows of a query as parquet; give their number."""
    row = connection.execute(f"copy ({query}) to {literal(target)} (format parquet)").fetchone()
    return int(row[0]) if row else 0
