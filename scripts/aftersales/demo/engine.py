"""The in-memory DuckDB that makes the demo company, and the SQL files it runs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

MEMORY_LIMIT = "6GB"


@cache
def sql_text(path: str) -> str:
    """Give the text of a SQL file of the demo company, such as `month/07_labour.sql`."""
    return files("aftersales.demo").joinpath("sql", path).read_text(encoding="utf-8")


def connect(temp_directory: Path) -> duckdb.DuckDBPyConnection:
    """Open an empty database that spills to `temp_directory` instead of growing without bound."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("set temp_directory = ?", [str(temp_directory)])
    connection.execute("set preserve_insertion_order = true")
    connection.execute("set enable_progress_bar = false")
    return connection


def run(connection: duckdb.DuckDBPyConnection, *paths: str) -> None:
    """Run SQL files in order."""
    for path in paths:
        try:
            connection.execute(sql_text(path))
        except duckdb.Error as error:
            error.add_note(f"while the demo company ran {path}")
            raise


def set_variables(connection: duckdb.DuckDBPyConnection, **values: int | float) -> None:
    """Set DuckDB variables that the SQL files read with getvariable()."""
    for name, value in values.items():
        connection.execute(f"set variable {name} = {value!r}")
