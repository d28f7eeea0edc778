"""The same models on Spark give the same public tables, row for row, as on DuckDB."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from aftersales.compare import compare_relations
from aftersales.contract import load_contract
from aftersales.demo import generate
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import identifier, literal
from aftersales.warehouse.build import build
from aftersales.warehouse.manifest import DATABASE_NAME
from aftersales.warehouse.plan import BuildRequest
from spark.spark_build import (
    as_typed_like,
    build_on_spark,
    create_landing,
    export_table,
    spark_session,
)

# A quick local run may take another company, for example AFTERSALES_SPARK_SCALE=1.
SCALE = os.environ.get("AFTERSALES_SPARK_SCALE", "small")
SEED = 7


@dataclass(frozen=True)
class Built:
    """One company built on both engines."""

    session: Any
    database: Path
    exports: dict[str, str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    home = Home(tmp_path_factory.mktemp("spark"))
    settings, progress = Settings(), Progress()
    generate(home.root, SCALE, SEED, None)
    with home.lock():
        ingest(home, settings, progress)
        manifest = build(home, settings, progress, BuildRequest(is_full=True))
    database = home.candidates / manifest.version_id / DATABASE_NAME
    folder = home.work / "spark"
    folder.mkdir(parents=True)
    with spark_session(folder) as session:
        create_landing(session, home, load_contract(settings.project_dir), database, folder)
        build_on_spark(home, settings, progress, database)
        with progress.step("Export Spark's tables"):
            exports = {
                relation: export_table(session, relation, folder / "exports")
                for relation in public_relations(home)
            }
        yield Built(session, database, exports)


def public_relations(home: Home) -> list[str]:
    """The public models, by schema and name, as dbt's manifest lists them."""
    path = home.work / "dbt" / "manifest.json"
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"].values()
    return sorted(
        f"{node['schema']}.{node['name']}"
        for node in nodes
        if node["resource_type"] == "model" and node["access"] == "public"
    )


def differences(database: Path, exports: dict[str, str]) -> list[str]:
    """Every disagreement of the exported tables with the DuckDB database."""
    found = []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {literal(database)} as warehouse (read_only)")
        for relation, exported in exports.items():
            schema, name = relation.split(".")
            ours = f"warehouse.{identifier(schema)}.{identifier(name)}"
            theirs, problems = as_typed_like(connection, ours, exported)
            found += [f"{relation}: {problem}" for problem in problems]
            if not problems:
                difference = compare_relations(connection, relation, ours, theirs)
                found += [str(difference)] if difference else []
    return found


# Nobody in the demo company does what a detector asks about; the tests of the detectors fill this
# table on DuckDB.
EMPTY_ON_THE_DEMO_COMPANY = ["marts.fct_gaming_evidence"]


def test_every_public_table_is_equal_row_for_row(built: Built) -> None:
    assert len(built.exports) >= 20
    with duckdb.connect(built.database, read_only=True) as connection:
        empty = [
            relation
            for relation in built.exports
            if connection.execute(f"select count(*) from {relation}").fetchone() == (0,)
        ]
    assert empty == EMPTY_ON_THE_DEMO_COMPANY, "an empty table proves nothing"
    assert differences(built.database, built.exports) == []


@pytest.mark.parametrize(
    "plant",
    [
        "select * from original limit (select count(*) - 1 from original)",
        "select * from original union all (select * from original limit 1)",
        "select * replace (revenue_amount + 1 as revenue_amount) from original",
    ],
    ids=["a row missing", "a row twice", "an amount changed"],
)
def test_a_planted_difference_is_reported(built: Built, tmp_path: Path, plant: str) -> None:
    relation = "marts.fct_store_day"
    planted = tmp_path / "planted.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create view original as from {built.exports[relation]}")
        connection.execute(f"copy ({plant}) to {literal(planted)} (format parquet)")
    found = differences(built.database, {relation: f"read_parquet({literal(planted)})"})
    assert len(found) == 1
    assert relation in found[0]
