"""Build of a candidate: the published database continued with the new batches, or built afresh."""

from pathlib import Path

import duckdb

from aftersales.clock import utc_now
from aftersales.company import synthetic_label
from aftersales.contract import RawTable, load_contract
from aftersales.files import flush_file
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import identifier
from aftersales.warehouse.candidate import (
    create_candidate,
    remove_candidates,
    stable_database_path,
)
from aftersales.warehouse.control import create_control_schema, drop_audit_results, drop_views
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.manifest import BUILDING, BUILT, DATABASE_NAME, Manifest
from aftersales.warehouse.plan import BuildPlan, BuildRequest, plan_build
from aftersales.warehouse.publish import settle_publication
from aftersales.warehouse.revision import code_revision


def build(home: Home, settings: Settings, progress: Progress, request: BuildRequest) -> Manifest:
    """Plan and build a candidate. Call it with the home's lock held."""
    settle_publication(home)
    return build_planned(home, settings, progress, plan_build(home, settings, request, progress))


def build_planned(home: Home, settings: Settings, progress: Progress, plan: BuildPlan) -> Manifest:
    """Build a candidate to its end. Call it with the home's lock held."""
    for name in remove_candidates(home):
        progress.note(f"Removed candidate {name}, which was never published.")
    contract = load_contract(settings.project_dir)
    manifest = Manifest(
        version_id=plan.version_id,
        parent_version_id=plan.parent_version_id,
        as_of_on=plan.as_of_on.isoformat(),
        is_full_build=plan.is_full_build,
        state=BUILDING,
        code_revision=code_revision(settings.project_dir),
        warehouse_fingerprint=plan.warehouse_fingerprint,
        audit_fingerprint=plan.audit_fingerprint,
        batches=[batch.key for batch in plan.batches],
        new_batches=[batch.key for batch in plan.new_batches],
        synthetic_label=synthetic_label(home),
        hold_events=plan.hold_events,
    )
    project = DbtProject(home, settings, stable_database_path(home))
    with (
        progress.step(f"Prepare candidate {plan.version_id}") as step,
        project.reading_meanwhile(),
    ):
        folder = create_candidate(home, manifest)
        with duckdb.connect(folder / DATABASE_NAME) as connection:
            drop_audit_results(connection)
            create_control_schema(connection, home, contract.values(), plan)
        step.result = f"{len(plan.new_batches)} new batches, as of {plan.as_of_on}"
    if plan.is_full_build:
        project.run(progress, "Load reference data", ["seed"])
    project.run(progress, "Build models", ["run"])
    with progress.step("Close candidate") as step:
        manifest.row_counts = close_candidate(folder / DATABASE_NAME, list(contract.values()))
        manifest.state, manifest.built_at = BUILT, utc_now()
        manifest.timings = dict(progress.timings)
        manifest.write(folder)
        step.result = f"{sum(manifest.row_counts.values()):,} rows"
    return manifest


def close_candidate(database: Path, contract: list[RawTable]) -> dict[str, int]:
    """Leave nothing outside the file that it depends on, and count its rows."""
    with duckdb.connect(database) as connection:
        drop_views(connection, contract)
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not temporary order by all"
        ).fetchall()
        counts = {}
        for schema, table in tables:
            name = f"{identifier(schema)}.{identifier(table)}"
            row = connection.execute(f"select count(*) from {name}").fetchone()
            counts[f"{schema}.{table}"] = int(row[0]) if row else 0
        connection.execute("force checkpoint")
    flush_file(database)
    return counts
