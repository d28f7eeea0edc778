"""What could not be landed: file, row, column and reason, beside the batches."""

import duckdb

from aftersales.files import put_in_place, temporary_name
from aftersales.home import Home
from aftersales.sql import literal

REJECT_COLUMNS = {
    "source_file": "varchar",
    "row_number": "bigint",
    "column_name": "varchar",
    "reason": "varchar",
    "raw_text": "varchar",
}


def write_rejects(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    system: str,
    table: str,
    batch_id: str,
    query: str,
) -> None:
    """Write the rejects of a batch."""
    target = home.rejects / system / table / f"{batch_id}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(target)
    connection.execute(f"copy ({query}) to {literal(temporary)} (format parquet)")
    put_in_place(temporary, target)


def rejected_rows_query(source_file: str) -> str:
    """The rows a reader has put into `rejected_rows`."""
    return (
        f"select {literal(source_file)} as source_file, row_number, column_name, reason, "
        "raw_text from rejected_rows order by row_number"
    )


def rejected_file_query(source_file: str, reason: str, columns: str | None) -> str:
    """One line for a file of which nothing could be read."""
    names = "null" if columns is None else literal(columns)
    values = (literal(source_file), "null", names, literal(reason), "null")
    return "select " + ", ".join(
        f"cast({value} as {kind}) as {name}"
        for value, (name, kind) in zip(values, REJECT_COLUMNS.items(), strict=True)
    )
