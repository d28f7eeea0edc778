"""Write the files the source systems hand out."""

from __future__ import annotations

from pathlib import Path

import duckdb

from aftersales.demo import engine, horizon
from aftersales.demo.horizon import Extract

TABLES: tuple[tuple[str, str], ...] = (
    ("dms", "stores"),
    ("dms", "bays"),
    ("dms", "technicians"),
    ("dms", "advisors"),
    ("dms", "service_items"),
    ("dms", "customers"),
    ("dms", "vehicles"),
    ("dms", "appointments"),
    ("dms", "repair_orders"),
    ("dms", "ro_status_events"),
    ("dms", "labour_lines"),
    ("dms", "part_lines"),
    ("dms", "bay_occupancy"),
    ("dms", "clock_events"),
    ("crm", "customers"),
    ("crm", "vehicles"),
    ("crm", "surveys"),
    ("crm", "complaints"),
    ("finance", "customers"),
    ("finance", "targets"),
    ("finance", "cost_lines"),
    ("parts", "master"),
    ("parts", "stock"),
    ("parts", "movements"),
)
TEXT_SYSTEMS = frozenset({"crm", "finance"})
PARQUET_OPTIONS = "format parquet, compression snappy, row_group_size 122880"
TEXT_OPTIONS = "format csv, header false, quote '', escape '', delimiter e'\\x01'"


def set_window(connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """Tell the extract queries which moments the extract covers."""
    start = horizon.day_number(extract.from_on) * 86400
    engine.set_variables(
        connection,
        from_s=-(10**9) if extract.is_first else start,
        until_s=(horizon.day_number(extract.to_on) + 1) * 86400,
    )


def write_extract(connection: duckdb.DuckDBPyConnection, extract: Extract, sources: Path) -> int:
    """Write the files of one extract and give the number of rows."""
    set_window(connection, extract)
    rows = 0
    for system, table in TABLES:
        folder = sources / system / table
        folder.mkdir(parents=True, exist_ok=True)
        query = engine.sql_text(f"extracts/{system}/{table}.sql")
        columns = contract_columns(connection, query)
        if system in TEXT_SYSTEMS:
            rows += _write_text(connection, query, columns, folder / f"{extract.name}.csv")
        else:
            rows += _write_parquet(connection, query, columns, folder / f"{extract.name}.parquet")
    return rows


def contract_columns(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """Give the columns of an extract query that reach the file (not those with a leading `_`)."""
    described = connection.execute(f"describe {query}").fetchall()
    return [str(row[0]) for row in described if not str(row[0]).startswith("_")]


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, query: str, columns: list[str], path: Path
) -> int:
    """Write typed rows in a total order."""
    copied = connection.execute(
        f"copy (select {', '.join(columns)} from ({query}) as extract order by _sort, _sort_2) "
        f"to '{path}' ({PARQUET_OPTIONS})"
    ).fetchone()
    return int(copied[0]) if copied else 0


def _write_text(
    connection: duckdb.DuckDBPyConnection, query: str, columns: list[str], path: Path
) -> int:
    """Write lines of text with a header line, fields parted by commas, empty for null."""
    fields = ", ".join(f"coalesce({column}::varchar, '')" for column in columns)
    copied = connection.execute(
        f"copy (select line from ("
        f"select '{','.join(columns)}' as line, -1::bigint as _sort, 0 as _sort_2 union all "
        f"select concat_ws(',', {fields}), _sort::bigint, _sort_2 from ({query}) as extract"
        f") as lines order by _sort, _sort_2) to '{path}' ({TEXT_OPTIONS})"
    ).fetchone()
    return int(copied[0]) - 1 if copied else 0
