"""Makes Great Expectations read DuckDB results.

Great Expectations 1.24.1 fetches the rows of a statement after it has given the connection back.
duckdb-engine 0.17.0 keeps the result on that connection, so by then it is gone and every
expectation ends in "list index out of range". SQLAlchemy lets a listener choose how a cursor is
read: reading it completely at once cures it, on the public API of SQLAlchemy alone.
The expectations of the gate ask for aggregates only, so what is buffered stays a handful of rows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

MAX_BUFFERED_ROWS = 10_000


class ResultTooLargeError(RuntimeError):
    """A statement of the gate gave rows where an aggregate was meant."""


def install() -> None:
    """Read DuckDB results at once. Calling it again changes nothing."""
    if not event.contains(Engine, "after_cursor_execute", _buffer_duckdb_result):
        event.listen(Engine, "after_cursor_execute", _buffer_duckdb_result)


def uninstall() -> None:
    """Leave SQLAlchemy as it was."""
    if event.contains(Engine, "after_cursor_execute", _buffer_duckdb_result):
        event.remove(Engine, "after_cursor_execute", _buffer_duckdb_result)


def _buffer_duckdb_result(
    connection: Any,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    executemany: bool,
) -> None:
    if connection.dialect.name != "duckdb" or not cursor.description:
        return
    rows = cursor.fetchmany(MAX_BUFFERED_ROWS + 1)
    if len(rows) > MAX_BUFFERED_ROWS:
        raise ResultTooLargeError(
            f"A statement of the audit gave more than {MAX_BUFFERED_ROWS} rows; expectations "
            f"count rows inside DuckDB and must not fetch them: {statement[:200]}"
        )
    context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=rows)
