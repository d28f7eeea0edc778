"""What the columns of a source look like: counted, shaped and related to each other in SQL."""

import duckdb

from aftersales.connect.catalogue import FoundTable
from aftersales.connect.knowledge import sql_text
from aftersales.sql import identifier, literal

_CELLS = "(table_number integer, source_column varchar, value varchar, times bigint)"
_COLUMNS = (
    "(table_number integer, source_table varchar, source_column varchar, declared_type varchar, "
    "position integer, rows bigint)"
)


def profile(engine: duckdb.DuckDBPyConnection, tables: list[FoundTable]) -> None:
    """Fill the tables `profiles` and `found_references` of the engine."""
    engine.execute(f"create or replace temporary table cells {_CELLS}")
    engine.execute(f"create or replace temporary table source_columns {_COLUMNS}")
    for table in tables:
        _count_cells(engine, table)
    text = sql_text("profile.sql").replace("{readings}", _readings(engine))
    engine.execute(text.replace("{shapes}", _shapes(engine)))


def _shapes(engine: duckdb.DuckDBPyConnection) -> str:
    return ", ".join(
        f"{{'shape': {literal(shape)}, 'has_shape': regexp_matches(value, {literal(pattern)})}}"
        for shape, pattern in engine.execute("select shape, pattern from shapes").fetchall()
    )


def _readings(engine: duckdb.DuckDBPyConnection) -> str:
    formats = [str(row[0]) for row in engine.execute("select format from date_formats").fetchall()]
    return ", ".join(
        f"{{'format': {literal(one)}, 'moment': try_strptime(left(value, 26), {literal(one)})}}"
        for one in formats
    )


def _count_cells(engine: duckdb.DuckDBPyConnection, table: FoundTable) -> None:
    engine.executemany(
        "insert into source_columns values (?, ?, ?, ?, ?, ?)",
        [
            (table.number, table.name, column, kind, position, table.rows)
            for position, (column, kind) in enumerate(table.columns.items())
        ],
    )
    listed = ", ".join(identifier(column) for column in table.columns)
    engine.execute(
        f"insert into cells select {table.number}, source_column, trim(value), count(*) "
        f"from (unpivot {table.sample} on {listed} into name source_column value value) "
        "where trim(value) <> '' group by all"
    )
