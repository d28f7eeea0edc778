"""The dbt project stands on an empty landing, and its unit tests pass there."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest

from aftersales.contract import RawTable
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.control import create_control_schema
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.plan import BuildPlan

PLAN = BuildPlan(
    version_id="empty",
    parent_version_id=None,
    as_of_on=date(2025, 10, 31),
    is_full_build=True,
    batches=[],
    new_batches=[],
)


@pytest.fixture(scope="module")
def empty_project(
    tmp_path_factory: pytest.TempPathFactory,
    settings: Settings,
    contract: Mapping[tuple[str, str], RawTable],
) -> DbtProject:
    home = Home(tmp_path_factory.mktemp("empty"))
    database: Path = home.root / "warehouse.duckdb"
    with duckdb.connect(database) as connection:
        create_control_schema(connection, home, contract.values(), PLAN)
    project = DbtProject(home, settings, database)
    project.run(Progress(), "Load reference data", ["seed"])
    project.run(Progress(), "Build models", ["run"])
    return project


def test_every_model_stands_without_a_single_record(empty_project: DbtProject) -> None:
    with duckdb.connect(empty_project.database, read_only=True) as connection:
        schemas = connection.execute("select distinct schema_name from duckdb_tables()").fetchall()
    assert {"staging", "quality", "reference"} <= {schema for (schema,) in schemas}


def test_unit_tests_pass(empty_project: DbtProject, progress: Progress) -> None:
    empty_project.run(progress, "Run unit tests", ["test", "--select", "test_type:unit"])
