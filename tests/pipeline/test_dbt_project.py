"""The dbt project stands on an empty landing, its unit tests pass there, no home changes it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

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


def read_in(home: Home, settings: Settings) -> dict[str, Any]:
    """The nodes and macros that a process of its own reads for a home."""
    project = DbtProject(home, settings, home.root / "warehouse.duckdb")
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "parse", "--target", project.target]
    places = [
        *("--project-dir", str(settings.project_dir), "--profiles-dir", str(settings.project_dir)),
        *("--target-path", str(project.target_dir), "--log-path", str(home.logs)),
    ]
    with project.environment():
        # dbt lists what a model refers to in the order of a set.
        subprocess.run([*command, *places], check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    manifest = json.loads((project.target_dir / "manifest.json").read_text(encoding="utf-8"))
    kinds = ("nodes", "sources", "macros", "unit_tests", "groups", "parent_map")
    return {kind: without_moment(manifest[kind]) for kind in kinds}


def without_moment(part: Any) -> Any:
    """The same without the moment of reading."""
    if not isinstance(part, dict):
        return part
    return {name: without_moment(one) for name, one in part.items() if name != "created_at"}


def test_what_dbt_reads_does_not_depend_on_the_home(tmp_path: Path, settings: Settings) -> None:
    """`tests/read_once.py` stands on it."""
    one, other = (read_in(Home(tmp_path / name), settings) for name in ("one", "other"))
    assert len(one["nodes"]) > 100
    assert one == other


def test_a_file_that_changed_is_read_for_the_next_home(tmp_path: Path, settings: Settings) -> None:
    """`tests/read_once.py` hides no change of the project while tests run."""
    project = tmp_path / "project"
    for folder in ("macros", "models", "seeds", "tests/data"):
        shutil.copytree(settings.project_dir / folder, project / folder)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copyfile(settings.project_dir / name, project / name)
    changed = replace(settings, project_dir=project)
    new = "model.aftersales.int_planted"

    def read_for(name: str) -> dict[str, list[str]]:
        return DbtProject(Home(tmp_path / name), changed, tmp_path / f"{name}.duckdb").children()

    before = read_for("one")
    (project / "models" / "intermediate" / "int_planted.sql").write_text(
        "select store_key from {{ ref('dim_store') }}\n", encoding="utf-8"
    )
    after = read_for("other")
    assert new not in before and new in after
    assert set(after["model.aftersales.dim_store"]) == {
        *before["model.aftersales.dim_store"], new,
    }  # fmt: skip
