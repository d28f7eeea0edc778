"""Candidates made for tests, and dbt run on them."""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import duckdb

from aftersales.contract import RawTable, duckdb_type, load_contract
from aftersales.home import Home
from aftersales.quality.audit import run_audit
from aftersales.quality.catalogue import read_as_of, read_catalogue
from aftersales.quality.dbt_rules import compile_set_rules
from aftersales.quality.model import AuditReport, Rule
from aftersales.settings import Settings
from aftersales.warehouse.candidate import stable_database_path
from aftersales.warehouse.control import create_control_schema
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.plan import BuildPlan

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "seeds" / "quality" / "dq_rules.csv"


def catalogue_ids(rule_kind: str) -> list[str]:
    """The rules of a kind, read when tests are collected: a rule without a planted defect fails."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return [row["rule_id"] for row in csv.DictReader(file) if row["rule_kind"] == rule_kind]


@dataclass(frozen=True)
class Candidate:
    """A database that dbt and the gate work on, always under the same path."""

    folder: Path

    @property
    def database(self) -> Path:
        """The path in dbt's profile; dbt reads the project anew when it changes."""
        return self.folder / "warehouse.duckdb"

    @property
    def target_dir(self) -> Path:
        """Where dbt keeps the parsed project."""
        return self.folder / "dbt"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the database."""
        return duckdb.connect(str(self.database))

    def dbt(self, *arguments: str) -> None:
        """Run dbt on the database and demand success."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        environment = {
            "AFTERSALES_DATABASE": str(self.database),
            "DBT_TARGET_PATH": str(self.target_dir),
        }
        places = ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
        with mock.patch.dict(os.environ, environment):
            try:
                result = dbtRunner().invoke(
                    ["--quiet", "--log-level-file", "none", *arguments, *places]
                )
            finally:
                DuckDBConnectionManager.close_all_connections()
        messages = [r.message for r in getattr(result.result, "results", []) if r.status == "error"]
        assert result.success, messages or result.exception

    def rules(self) -> list[Rule]:
        """The catalogue inside the database."""
        with self.connect() as connection:
            return read_catalogue(connection, read_as_of(connection))


def staging_name(table: RawTable) -> str:
    """The staging model of a raw table."""
    return f"stg_{table.system}__{table.name}"


def make_empty_candidate(candidate: Candidate, plan: BuildPlan) -> Mapping[str, RawTable]:
    """A database with the control schema and nothing landed; gives raw tables by staging model."""
    contract = load_contract(ROOT)
    candidate.folder.mkdir(parents=True, exist_ok=True)
    with candidate.connect() as connection:
        create_control_schema(connection, Home(candidate.folder), contract.values(), plan)
    return {staging_name(table): table for table in contract.values()}


def land_rows(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    batches: Mapping[str, Iterable[Mapping[str, str]]],
) -> None:
    """Land rows given as SQL expressions, batch by batch, all covering the same last day."""
    selects = []
    for batch_id, rows in batches.items():
        count = 0
        for row in rows:
            count += 1
            columns = ", ".join(
                f"cast({row[name]} as {'varchar' if table.is_text else duckdb_type(kind)})"
                f" as {name}"
                for name, kind in table.columns.items()
            )
            selects.append(
                f"select {columns}, 'plants/{batch_id}' as _source_file, {count} as _row_number, "
                f"'{batch_id}' as _batch_id, timestamp '2025-11-01 00:00:00' as _loaded_at"
            )
        connection.execute(
            "insert into landing.batches values (?, ?, ?, date '2025-10-31', ?, ?, 0, true)",
            [table.system, table.name, batch_id, f"plants/{batch_id}", count],
        )
    name = f"landing.{table.system}__{table.name}"
    connection.execute(f"drop view {name}")
    connection.execute(f"create table {name} as {' union all '.join(selects)}")


@dataclass(frozen=True)
class Company:
    """A demo company in a home of its own, with a candidate that was built from it."""

    home: Home

    @property
    def database(self) -> Path:
        """The candidate's database, under the name that the build gave to dbt."""
        return stable_database_path(self.home)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the candidate."""
        return duckdb.connect(str(self.database))

    @contextmanager
    def dbt_project(self) -> Iterator[DbtProject]:
        """The project with the environment of the build, so that dbt need not parse it again."""
        project = DbtProject(self.home, Settings(), self.database)
        with project.environment():
            yield project

    def audit(self, docs_dir: Path | None = None) -> AuditReport:
        """Audit the candidate as `aftersales audit` does."""
        with self.dbt_project() as project:
            return run_audit(
                self.database,
                ROOT,
                docs_dir,
                synthetic_label="synthetic company",
                target_dir=project.target_dir,
            )

    def set_rule_sql(self) -> dict[str, str]:
        """The compiled query of every set rule."""
        with self.dbt_project() as project:
            return compile_set_rules(self.database, ROOT, project.target_dir)
