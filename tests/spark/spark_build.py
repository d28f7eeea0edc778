"""Builds the project on a Spark session from the batches a DuckDB version was built from."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from aftersales.contract import LANDING_SCHEMA, RawTable
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import identifier, literal
from aftersales.warehouse.control import landing_select
from aftersales.warehouse.dbt_runner import DbtProject

CONTROL_TABLES = (
    "alert_decisions",
    "batches",
    "corrections",
    "deletions",
    "held_cells",
    "rejects",
    "run_context",
)


@contextmanager
def spark_session(folder: Path, cores: int = 2) -> Iterator[Any]:
    """Start a local Spark whose metastore and tables lie in a folder of their own."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    # Spark takes seconds to import, and is there only with the [spark] extra.
    from pyspark.sql import SparkSession

    metastore = f"jdbc:derby:;databaseName={folder / 'metastore'};create=true"
    options = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.sql.shuffle.partitions": str(2 * cores),
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        # Timestamps are naive UTC on both sides: microseconds, and no second timestamp type.
        "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.hadoop.javax.jdo.option.ConnectionURL": metastore,
        "spark.driver.extraJavaOptions": (
            f"-Dderby.system.home={folder} -Dderby.stream.error.file={folder / 'derby.log'}"
        ),
        "spark.driver.memory": "3g",
        "spark.local.dir": str(folder / "scratch"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("aftersales parity")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.enableHiveSupport().getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def create_landing(
    session: Any,
    home: Home,
    contract: Mapping[tuple[str, str], RawTable],
    database: Path,
    folder: Path,
) -> None:
    """Give Spark the same landing: the batches where they lie, control tables of the version."""
    session.sql(f"create database {LANDING_SCHEMA}")
    with duckdb.connect(database, read_only=True) as connection:
        for table in contract.values():
            place = home.landing / table.system / table.name
            if not place.is_dir():
                place = folder / table.landing_name
                place.mkdir()
                empty = landing_select(connection, home, table, [])
                _copy(connection, empty, place / "empty.parquet")
            session.sql(
                f"create table {LANDING_SCHEMA}.`{table.landing_name}` using parquet "
                f"options (mergeSchema true) location {literal(place)}"
            )
        for name in CONTROL_TABLES:
            place = folder / name
            place.mkdir()
            _copy(connection, f"from {LANDING_SCHEMA}.{name}", place / "rows.parquet")
            session.sql(
                f"create table {LANDING_SCHEMA}.{name} using parquet location {literal(place)}"
            )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"copy ({query}) to {literal(path)} (format parquet)")


class SparkProject(DbtProject):
    """The project's dbt commands on the running Spark session."""

    target = "spark"


def build_on_spark(home: Home, settings: Settings, progress: Progress, database: Path) -> None:
    """Run seeds and models with nothing kept from before."""
    project = SparkProject(home, settings, database)
    project.run(progress, "Load reference data on Spark", ["seed", "--full-refresh"])
    project.run(progress, "Build models on Spark", ["run", "--full-refresh"])


def export_table(session: Any, relation: str, folder: Path) -> str:
    """Write a Spark table as parquet; give the DuckDB expression that reads it."""
    target = folder / relation
    session.table(relation).write.mode("overwrite").parquet(str(target))
    return f"read_parquet({literal(target / '*.parquet')})"


def as_typed_like(
    connection: duckdb.DuckDBPyConnection, relation: str, exported: str
) -> tuple[str, list[str]]:
    """Read an export with the types of a DuckDB relation; also tell which columns disagree.

    Spark has one integer kind per width and writes timestamps as UTC instants: widening those loses
    nothing. A column that is missing, surplus or of another kind is a disagreement.
    """
    expected = _types(connection, relation)
    found = _types(connection, exported)
    problems = [f"missing column {name}" for name in expected.keys() - found.keys()]
    problems += [f"surplus column {name}" for name in found.keys() - expected.keys()]
    problems += [
        f"{name} is {found[name]}, not {expected[name]}"
        for name in expected.keys() & found.keys()
        if _kind(expected[name]) != _kind(found[name])
    ]
    columns = ", ".join(
        f"cast({identifier(name)} as {kind}) as {identifier(name)}"
        for name, kind in expected.items()
        if name in found
    )
    return f"(select {columns} from {exported})", sorted(problems)


def _types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    rows = connection.execute(f"describe select * from {relation}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def _kind(data_type: str) -> str:
    """The kind of a type, widths of integers and zones of UTC timestamps set aside."""
    if data_type in {"TINYINT", "SMALLINT", "INTEGER", "BIGINT"}:
        return "integer"
    if data_type.startswith("TIMESTAMP"):
        return "timestamp"
    return data_type
