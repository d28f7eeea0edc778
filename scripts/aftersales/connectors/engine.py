"""DuckDB as the reader of sources: its scanners come from packages, not from a download."""

import importlib
import importlib.resources
from functools import cache
from pathlib import Path

import duckdb

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.settings import Settings
from aftersales.sql import literal

_EXTENSIONS = {
    "postgresql": "postgres_scanner",
    "mysql": "mysql_scanner",
    "mariadb": "mysql_scanner",
    "sqlite": "sqlite_scanner",
}


# TIMESTAMP columns of MySQL come in UTC whatever the server's zone; its zero dates are no dates.
_MYSQL_SETTINGS = {
    "mysql_session_time_zone": "'+00:00'",
    "mysql_incomplete_dates_as_nulls": "true",
    "mysql_query_timeout_enabled": "false",
    "mysql_sql_buffer_result": "false",
}
# SQLite holds anything in any column: as text, a value that does not fit rejects its row only.
_SCANNER_SETTINGS = {
    "mysql_scanner": _MYSQL_SETTINGS,
    "sqlite_scanner": {"sqlite_all_varchar": "true"},
}


def connect(home: Home, settings: Settings) -> duckdb.DuckDBPyConnection:
    """A connection in memory that spills into the home and knows no zone but UTC."""
    scratch = home.work / "duckdb"
    scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": settings.memory_limit,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": "false",
        },
    )
    connection.execute("set TimeZone = 'UTC'")
    return connection


def load_scanner(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Load the scanner of a kind of database, if it needs one."""
    if kind in _EXTENSIONS:
        name = _EXTENSIONS[kind]
        connection.execute(f"load {literal(_extension_file(name))}")
        for setting, value in _SCANNER_SETTINGS.get(name, {}).items():
            connection.execute(f"set {setting} = {value}")


@cache
def _extension_file(name: str) -> Path:
    try:
        package = importlib.import_module(f"duckdb_extension_{name}")
    except ImportError as error:
        raise AftersalesError(
            f"The package duckdb-extension-{name.replace('_', '-')} is not installed: run "
            "`make setup`."
        ) from error
    folder = Path(str(importlib.resources.files(package))) / "extensions"
    return folder / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
