"""Small source files made from the raw contract, and commands run as a user would."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from aftersales.contract import RawTable, duckdb_type
from aftersales.home import Home
from aftersales.sql import identifier, literal

_VALUES = {
    "string": "'x' || i",
    "integer": "i",
    "boolean": "true",
    "date": "date '2025-10-01'",
    "timestamp": "timestamp '2025-10-01 01:00:00' + to_minutes(i)",
}


def write_source(
    home: Home,
    table: RawTable,
    extract: str,
    *,
    rows: int = 10,
    without: tuple[str, ...] = (),
    extra: Mapping[str, str] | None = None,
) -> Path:
    """Write one extract of a table, filled with values of the promised types."""
    columns = {
        name: f"cast({_VALUES.get(kind, '1.5')} as {duckdb_type(kind)})"
        for name, kind in table.columns.items()
        if name not in without
    }
    columns |= dict(extra or {})
    select = ", ".join(f"{value} as {identifier(name)}" for name, value in columns.items())
    path = source_path(home, table, extract)
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(
        f"copy (select {select} from range({rows}) as numbers (i) order by i) to {literal(path)}"
    )
    return path


def source_path(home: Home, table: RawTable, extract: str) -> Path:
    """Where an extract of a table lies."""
    suffix = "csv" if table.is_text else "parquet"
    return home.sources / table.system / table.name / f"{extract}.{suffix}"


def write_all_sources(
    home: Home, contract: Mapping[tuple[str, str], RawTable], extract: str, rows: int = 10
) -> None:
    """Write one extract of every table."""
    for table in contract.values():
        write_source(home, table, extract, rows=rows)


def run_command(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the `aftersales` command in its own process."""
    return subprocess.run(
        [sys.executable, "-m", "aftersales.cli", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200", **(environment or {})},
    )
