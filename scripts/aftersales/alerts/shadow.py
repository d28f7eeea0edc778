"""The project's own models run over a published version, in memory, with some tables exchanged.

A rule is tried on history by the SQL that the build runs: dbt compiles the models, their relations
are found in a database in memory whose tables are views of the published file, and the tables under
test (rules, thresholds, the day of the version) are put in their place. The version stays as it is.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import identifier, literal
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.manifest import DATABASE_NAME

ALERT_MODELS = (
    "int_alert_days",
    "int_alert_signals",
    "int_alert_episodes",
)
SCORE_MODELS = ("fct_score_items", "fct_scores")
_CATALOG = Path(DATABASE_NAME).stem
_PUBLISHED = "published"


@dataclass(frozen=True)
class CompiledModel:
    """A model as dbt wrote it for the engine: where it stands, and its SELECT."""

    schema: str
    name: str
    sql: str


def compile_models(
    home: Home, settings: Settings, progress: Progress, names: Sequence[str]
) -> list[CompiledModel]:
    """Let dbt compile models; the order asked for is the order given."""
    folder = home.work / "shadow"
    folder.mkdir(parents=True, exist_ok=True)
    project = DbtProject(home, settings, folder.resolve() / DATABASE_NAME)
    offline = ["--no-populate-cache", "--no-introspect"]
    project.run(progress, "Compile models", ["compile", "--select", *names, *offline])
    manifest = json.loads((project.target_dir / "manifest.json").read_text(encoding="utf-8"))
    nodes = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    compiled = project.target_dir / "compiled" / manifest["metadata"]["project_name"]
    return [
        CompiledModel(
            nodes[name]["schema"],
            name,
            (compiled / nodes[name]["original_file_path"]).read_text(encoding="utf-8"),
        )
        for name in names
    ]


@contextmanager
def shadow_of(
    database: Path,
    replaced: Mapping[str, str],
    models: Sequence[CompiledModel],
    prepare: Sequence[str] = (),
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that looks like the published one, with tables replaced.

    `replaced` maps `schema.table` to the SELECT it becomes; within it the published table is
    `published.schema.table`. `prepare` makes tables of its own beforehand, in `memory.main`.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(database)} as {_PUBLISHED} (read_only)")
        connection.execute(f"attach ':memory:' as {_CATALOG}")
        for statement in prepare:
            connection.execute(statement)
        own = {f"{model.schema}.{model.name}" for model in models}
        rows = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = ?",
            [_PUBLISHED],
        ).fetchall()
        missing = set(replaced) - {f"{schema}.{table}" for schema, table in rows}
        if missing:
            raise AftersalesError(
                f"The published version has no table {min(missing)}: build and publish it with "
                "`aftersales run`, then try again."
            )
        for schema, table in rows:
            name = f"{_CATALOG}.{identifier(schema)}.{identifier(table)}"
            connection.execute(f"create schema if not exists {_CATALOG}.{identifier(schema)}")
            if f"{schema}.{table}" in own:
                continue
            if f"{schema}.{table}" in replaced:
                connection.execute(f"create table {name} as {replaced[f'{schema}.{table}']}")
            else:
                source = f"{_PUBLISHED}.{identifier(schema)}.{identifier(table)}"
                connection.execute(f"create view {name} as select * from {source}")
        for model in models:
            name = f"{_CATALOG}.{identifier(model.schema)}.{identifier(model.name)}"
            connection.execute(f"create or replace table {name} as {model.sql}")
        connection.execute(f"use {_CATALOG}")
        yield connection
