"""The control schema of a candidate: views over the new batches, and what the build must know."""

from collections.abc import Iterable
from datetime import date

import duckdb
import pyarrow as pa

from aftersales.contract import LANDING_SCHEMA, LINEAGE_COLUMNS, RawTable
from aftersales.home import Home
from aftersales.landing.ingest import REJECT_COLUMNS
from aftersales.landing.ledger import LANDED, Batch, data_path, rejects_path
from aftersales.sql import identifier, literal, literal_list
from aftersales.warehouse.plan import BuildPlan

_BATCHES_SCHEMA = pa.schema(
    [
        ("system", pa.string()),
        ("table_name", pa.string()),
        ("batch_id", pa.string()),
        ("extract_on", pa.date32()),
        ("source_file", pa.string()),
        ("rows_landed", pa.int64()),
        ("rows_rejected", pa.int64()),
        ("is_new", pa.bool_()),
    ]
)
_DECISION_COLUMNS = {
    "decision_number": "integer",
    "alert_id": "varchar",
    "decision": "varchar",
    "decided_by": "varchar",
    "note": "varchar",
    "decided_on": "date",
    "snoozed_until_on": "date",
}
_REJECT_FILES_SCHEMA = pa.schema(
    [
        ("system", pa.string()),
        ("table_name", pa.string()),
        ("batch_id", pa.string()),
        ("file", pa.string()),
    ]
)


def create_control_schema(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    contract: Iterable[RawTable],
    plan: BuildPlan,
) -> None:
    """Make the schema dbt's sources point to."""
    connection.execute(f"create schema if not exists {LANDING_SCHEMA}")
    for table in contract:
        connection.execute(_view_sql(connection, home, table, plan.new_batches))
    _create_batches(connection, plan)
    _create_rejects(connection, home, plan.batches)
    _create_run_context(connection, plan)
    create_alert_decisions(connection, home)


def create_alert_decisions(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """What people decided about alerts, for the models that show their state."""
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.alert_decisions as "
        f"{alert_decisions_select(home)}"
    )


def alert_decisions_select(home: Home) -> str:
    """A SELECT over the decisions about alerts kept in a home, maybe empty."""
    if not home.alert_decisions.is_file():
        nulls = [f"cast(null as {kind}) as {name}" for name, kind in _DECISION_COLUMNS.items()]
        return f"select {', '.join(nulls)} where false"
    columns = ", ".join(f"{identifier(name)}: '{kind}'" for name, kind in _DECISION_COLUMNS.items())
    return (
        f"select * from read_json({literal(home.alert_decisions.resolve())}, "
        f"format = 'newline_delimited', columns = {{{columns}}})"
    )


def drop_views(connection: duckdb.DuckDBPyConnection, contract: Iterable[RawTable]) -> None:
    """Remove the views over landing: a published version depends on no file but itself."""
    for table in contract:
        connection.execute(f"drop view if exists {LANDING_SCHEMA}.{identifier(table.landing_name)}")


def landing_select(
    connection: duckdb.DuckDBPyConnection, home: Home, table: RawTable, batches: list[Batch]
) -> str:
    """A SELECT over the batches of a table in the contract's column order, maybe empty."""
    files = [
        data_path(home, batch).resolve()
        for batch in batches
        if (batch.system, batch.table) == (table.system, table.name) and batch.status == LANDED
    ]
    if not files:
        columns = [
            f"cast(null as {table.column_type(name)}) as {identifier(name)}"
            for name in table.columns
        ]
        lineage = [f"cast(null as {kind}) as {name}" for name, kind in LINEAGE_COLUMNS.items()]
        return f"select {', '.join(columns + lineage)} where false"
    scan = f"read_parquet({literal_list(files)}, union_by_name = true)"
    described = connection.execute(f"describe select * from {scan}").fetchall()
    delivered = {row[0].lower() for row in described}
    columns = [_column_sql(table, name, name.lower() in delivered) for name in table.columns]
    return f"select {', '.join([*columns, *LINEAGE_COLUMNS])} from {scan}"


def _column_sql(table: RawTable, name: str, is_delivered: bool) -> str:
    quoted = identifier(name)
    if not is_delivered:
        return f"cast(null as {table.column_type(name)}) as {quoted}"
    return f"cast({quoted} as varchar) as {quoted}" if table.is_text else quoted


def _view_sql(
    connection: duckdb.DuckDBPyConnection, home: Home, table: RawTable, batches: list[Batch]
) -> str:
    query = landing_select(connection, home, table, batches)
    return f"create or replace view {LANDING_SCHEMA}.{identifier(table.landing_name)} as {query}"


def _create_batches(connection: duckdb.DuckDBPyConnection, plan: BuildPlan) -> None:
    new_keys = {batch.key for batch in plan.new_batches}
    rows = [
        {
            "system": batch.system,
            "table_name": batch.table,
            "batch_id": batch.batch_id,
            "extract_on": date.fromisoformat(batch.extract_on) if batch.extract_on else None,
            "source_file": batch.source_file,
            "rows_landed": batch.rows_landed,
            "rows_rejected": batch.rows_rejected,
            "is_new": batch.key in new_keys,
        }
        for batch in plan.batches
    ]
    _replace_table(connection, "batches", pa.Table.from_pylist(rows, schema=_BATCHES_SCHEMA))


def _create_rejects(
    connection: duckdb.DuckDBPyConnection, home: Home, batches: list[Batch]
) -> None:
    rows = [
        {
            "system": batch.system,
            "table_name": batch.table,
            "batch_id": batch.batch_id,
            "file": str(rejects_path(home, batch).resolve()),
        }
        for batch in batches
        if batch.rows_rejected
    ]
    columns = ", ".join(REJECT_COLUMNS)
    if rows:
        scan = f"read_parquet({literal_list(row['file'] for row in rows)}, filename = true)"
        rejects = f"select {columns}, filename as file from {scan}"
    else:
        nulls = [f"cast(null as {kind}) as {name}" for name, kind in REJECT_COLUMNS.items()]
        rejects = f"select {', '.join(nulls)}, cast(null as varchar) as file where false"
    reject_files = pa.Table.from_pylist(rows, schema=_REJECT_FILES_SCHEMA)
    connection.register("reject_files", reject_files)
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.rejects as "
        f"with rejects as ({rejects}) "
        f"select files.system, files.table_name, files.batch_id, rejects.* exclude (file) "
        "from rejects inner join reject_files as files on rejects.file = files.file"
    )
    connection.unregister("reject_files")


def _create_run_context(connection: duckdb.DuckDBPyConnection, plan: BuildPlan) -> None:
    parent = "null" if plan.parent_version_id is None else literal(plan.parent_version_id)
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.run_context as select "
        f"date '{plan.as_of_on.isoformat()}' as as_of_on, "
        f"{literal(plan.version_id)} as version_id, "
        f"cast({parent} as varchar) as parent_version_id, "
        f"{str(plan.is_full_build).lower()} as is_full_build"
    )


def _replace_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    connection.register("new_rows", rows)
    connection.execute(f"create or replace table {LANDING_SCHEMA}.{name} as select * from new_rows")
    connection.unregister("new_rows")
