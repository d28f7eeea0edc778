"""Read the demo company's files the way a curious person would: as views in DuckDB."""

import hashlib
from pathlib import Path

import duckdb

from aftersales.demo.extracts import TABLES, TEXT_SYSTEMS

# Tables whose rows come again as newer versions, with their natural key.
VERSIONED = {
    "dms_repair_orders": "store_id, repair_order_no",
    "dms_appointments": "store_id, appointment_id",
    "crm_surveys": "survey_id",
    "crm_complaints": "complaint_id",
}


def digests(sources: Path) -> dict[str, str]:
    """Give the digest of each source file by its path."""
    return {
        path.relative_to(sources).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(sources.glob("*/*/*"))
    }


def open_company(home: Path) -> duckdb.DuckDBPyConnection:
    """Give every raw table as a view `<system>_<table>`, and its newest rows as `now_...`."""
    connection = duckdb.connect()
    for system, table in TABLES:
        folder = home / "sources" / system / table
        if system in TEXT_SYSTEMS:
            scan = (
                f"read_csv('{folder}/*.csv', header = true, all_varchar = true, delim = ',', "
                "ignore_errors = true, quote = '', escape = '', filename = true)"
            )
        else:
            scan = f"read_parquet('{folder}/*.parquet', filename = true)"
        connection.execute(
            f"create view {system}_{table} as "
            "select * exclude (filename), "
            r"regexp_extract(filename, '([^/]+)\.[a-z]+$', 1) as extract "
            f"from {scan}"
        )
    for view, key in VERSIONED.items():
        connection.execute(
            f"create table now_{view} as select * from {view} "
            f"qualify row_number() over (partition by {key} order by extract desc) = 1"
        )
    return connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    """Give the rows of a query."""
    return connection.execute(query).fetchall()


def value(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    """Give the one number a query answers."""
    row = connection.execute(query).fetchone()
    assert row is not None and row[0] is not None, query
    return float(row[0])


def pairs(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, object]]:
    """Give the rows of a query of two columns."""
    return [(first, second) for first, second in connection.execute(query).fetchall()]
