"""The control schema of a candidate: views over the new batches, and what the build must know."""

from collections.abc import Iterable, Sequence

import duckdb

from aftersales.contract import LANDING_SCHEMA, LINEAGE_COLUMNS, RawTable
from aftersales.decision_file import decisions_select
from aftersales.home import Home
from aftersales.landing.corrections import corrections_select
from aftersales.landing.ledger import DELETIONS, LANDED, Batch, data_path, rejects_path
from aftersales.landing.rejects import REJECT_COLUMNS
from aftersales.quality.model import RESULT_TABLES
from aftersales.sql import identifier, literal, literal_list
from aftersales.warehouse.hold_ledger import create_held_cells
from aftersales.warehouse.plan import BuildPlan

_BATCHES_COLUMNS = {
    "system": "varchar",
    "table_name": "varchar",
    "batch_id": "varchar",
    "extract_on": "date",
    "source_file": "varchar",
    "rows_landed": "bigint",
    "rows_rejected": "bigint",
    "is_new": "boolean",
}
_REJECT_FILES_COLUMNS = {
    "system": "varchar",
    "table_name": "varchar",
    "batch_id": "varchar",
    "file": "varchar",
}
_DELETION_COLUMNS = {
    "system": "varchar",
    "table_name": "varchar",
    "batch_id": "varchar",
    "landed_batch_id": "varchar",
    "row_number": "bigint",
    "deleted_key": "varchar",
    "noticed_at": "timestamp",
}
_DECISION_COLUMNS = {
    "decision_number": "integer",
    "alert_id": "varchar",
    "rule_id": "varchar",
    "rule_version": "integer",
    "scope_key": "varchar",
    "decision": "varchar",
    "decided_by": "varchar",
    "note": "varchar",
    "decided_on": "date",
    "snoozed_until_on": "date",
}


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
    _create_deletions(connection, home, plan.batches)
    _create_run_context(connection, plan)
    create_alert_decisions(connection, home)
    _create_corrections(connection, home)
    create_held_cells(connection, home)


def _create_corrections(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """What stewards corrected, each with the batch its corrected row landed in, if it has yet."""
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.corrections as "
        f"with corrections as ({corrections_select(home)}) "
        "select corrections.* exclude (corrected_value), "
        "min(batches.batch_id) as corrected_batch_id "
        f"from corrections left join {LANDING_SCHEMA}.batches "
        "on corrections.system = batches.system and corrections.table_name = batches.table_name "
        "and starts_with(batches.batch_id, corrections.batch_id || '.c') "
        "and batches.batch_id >= corrections.batch_id || '.c' "
        "|| lpad(cast(corrections.correction_number as varchar), 6, '0') group by all"
    )


def create_alert_decisions(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """What people decided about alerts, for the models that show their state."""
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.alert_decisions as "
        f"{alert_decisions_select(home)}"
    )


def alert_decisions_select(home: Home) -> str:
    """A SELECT over the decisions about alerts kept in a home, maybe empty."""
    return decisions_select(home.alert_decisions, _DECISION_COLUMNS)


def drop_audit_results(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove what the audit concluded about the version that a candidate continues."""
    for table in RESULT_TABLES:
        connection.execute(f"drop table if exists {table}")


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
        (
            batch.system,
            batch.table,
            batch.batch_id,
            batch.extract_on,
            batch.source_file,
            batch.rows_landed,
            batch.rows_rejected,
            batch.key in new_keys,
        )
        for batch in plan.batches
    ]
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.batches as {_rows_sql(_BATCHES_COLUMNS, rows)}"
    )


def _create_rejects(
    connection: duckdb.DuckDBPyConnection, home: Home, batches: list[Batch]
) -> None:
    rows = [
        (batch.system, batch.table, batch.batch_id, str(rejects_path(home, batch).resolve()))
        for batch in batches
        if batch.rows_rejected
    ]
    columns = ", ".join(REJECT_COLUMNS)
    if rows:
        scan = f"read_parquet({literal_list(row[-1] for row in rows)}, filename = true)"
        rejects = f"select {columns}, filename as file from {scan}"
    else:
        nulls = [f"cast(null as {kind}) as {name}" for name, kind in REJECT_COLUMNS.items()]
        rejects = f"select {', '.join(nulls)}, cast(null as varchar) as file where false"
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.rejects as "
        f"with rejects as ({rejects}), files as ({_rows_sql(_REJECT_FILES_COLUMNS, rows)}) "
        f"select files.system, files.table_name, files.batch_id, rejects.* exclude (file) "
        "from rejects inner join files on rejects.file = files.file"
    )


def _create_deletions(
    connection: duckdb.DuckDBPyConnection, home: Home, batches: list[Batch]
) -> None:
    """Landed rows of keys that a source no longer holds, with the batch that noticed it."""
    files = [data_path(home, batch).resolve() for batch in batches if batch.status == DELETIONS]
    columns = ", ".join(_DELETION_COLUMNS)
    if files:
        query = f"select {columns} from read_parquet({literal_list(files)})"
    else:
        nulls = [f"cast(null as {kind}) as {name}" for name, kind in _DELETION_COLUMNS.items()]
        query = f"select {', '.join(nulls)} where false"
    connection.execute(f"create or replace table {LANDING_SCHEMA}.deletions as {query}")


def _create_run_context(connection: duckdb.DuckDBPyConnection, plan: BuildPlan) -> None:
    parent = "null" if plan.parent_version_id is None else literal(plan.parent_version_id)
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.run_context as select "
        f"date '{plan.as_of_on.isoformat()}' as as_of_on, "
        f"{literal(plan.version_id)} as version_id, "
        f"cast({parent} as varchar) as parent_version_id, "
        f"{str(plan.is_full_build).lower()} as is_full_build"
    )


def _rows_sql(columns: dict[str, str], rows: Sequence[Sequence[object]]) -> str:
    # Handing rows over as objects would import pandas, which takes longer than all else here.
    casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns.items())
    nulls = ", ".join("null" for _ in columns)
    values = [f"({', '.join(_value(value) for value in row)})" for row in rows] or [f"({nulls})"]
    listed = f"(values {', '.join(values)}) as listed ({', '.join(columns)})"
    return f"select {casts} from {listed}" + ("" if rows else " where false")


def _value(value: object) -> str:
    return "null" if value is None else literal(str(value))
