"""Build of a candidate: the published database continued with the new batches, or built afresh."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from aftersales.clock import utc_now
from aftersales.contract import RawTable, load_contract
from aftersales.errors import AftersalesError
from aftersales.files import flush_file
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import identifier
from aftersales.warehouse.candidate import (
    create_candidate,
    new_version_id,
    remove_candidates,
    stable_database_path,
)
from aftersales.warehouse.control import BuildPlan, create_control_schema, drop_views
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.manifest import BUILDING, BUILT, DATABASE_NAME, Manifest
from aftersales.warehouse.publish import settle_publication
from aftersales.warehouse.revision import (
    audit_fingerprint,
    code_revision,
    warehouse_fingerprint,
)
from aftersales.warehouse.versions import published_manifest

_SOURCES_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class BuildRequest:
    """What the caller asks of a build."""

    is_full: bool = False
    as_of_on: date | None = None


def plan_build(
    home: Home, request: BuildRequest, fingerprint: str, progress: Progress
) -> BuildPlan:
    """Decide what is new, and whether the parent can be continued."""
    batches = ledger.load(home)
    if request.as_of_on is not None:
        limit = request.as_of_on.isoformat()
        batches = [batch for batch in batches if (batch.extract_on or "") <= limit]
    as_of_on = request.as_of_on or ledger.newest_day(batches)
    if as_of_on is None or not batches:
        raise AftersalesError(
            f"Nothing has landed in {home.landing}: put source files under {home.sources} or make "
            "the demo company with `aftersales demo`, then run `aftersales ingest`."
        )
    parent = published_manifest(home)
    reason = _reason_for_full_build(request, parent, batches, as_of_on, fingerprint)
    if reason:
        progress.note(f"Full build: {reason}.")
    known = set() if reason or parent is None else set(parent.batches)
    return BuildPlan(
        version_id=new_version_id(home, as_of_on),
        parent_version_id=parent.version_id if parent else None,
        as_of_on=as_of_on,
        is_full_build=bool(reason),
        batches=batches,
        new_batches=[batch for batch in batches if batch.key not in known],
    )


def _reason_for_full_build(
    request: BuildRequest,
    parent: Manifest | None,
    batches: list[ledger.Batch],
    as_of_on: date,
    fingerprint: str,
) -> str | None:
    if request.is_full:
        return "asked for"
    if parent is None:
        return "there is no published version to continue"
    if parent.warehouse_fingerprint != fingerprint:
        return f"models, macros or seeds changed since version {parent.version_id}"
    if as_of_on.isoformat() < parent.as_of_on:
        return f"version {parent.version_id} already goes to {parent.as_of_on}"
    if set(parent.batches) - {batch.key for batch in batches}:
        return f"version {parent.version_id} holds batches that are no longer in landing"
    return None


def build(home: Home, settings: Settings, progress: Progress, request: BuildRequest) -> Manifest:
    """Build a candidate to its end. Call it with the home's lock held."""
    settle_publication(home)
    for name in remove_candidates(home):
        progress.note(f"Removed candidate {name}, which was never published.")
    fingerprint = warehouse_fingerprint(settings.project_dir)
    contract = load_contract(settings.project_dir)
    plan = plan_build(home, request, fingerprint, progress)
    manifest = Manifest(
        version_id=plan.version_id,
        parent_version_id=plan.parent_version_id,
        as_of_on=plan.as_of_on.isoformat(),
        is_full_build=plan.is_full_build,
        state=BUILDING,
        code_revision=code_revision(settings.project_dir),
        warehouse_fingerprint=fingerprint,
        audit_fingerprint=audit_fingerprint(settings.project_dir),
        batches=[batch.key for batch in plan.batches],
        new_batches=[batch.key for batch in plan.new_batches],
        synthetic_label=_synthetic_label(home),
    )
    with progress.step(f"Prepare candidate {plan.version_id}") as step:
        folder = create_candidate(home, manifest)
        with duckdb.connect(folder / DATABASE_NAME) as connection:
            create_control_schema(connection, home, contract.values(), plan)
        step.result = f"{len(plan.new_batches)} new batches, as of {plan.as_of_on}"
    project = DbtProject(home, settings, stable_database_path(home))
    if plan.is_full_build:
        project.run(progress, "Load reference data", ["seed"])
    project.run(progress, "Build models", ["run"])
    with progress.step("Close candidate") as step:
        manifest.row_counts = _close(folder / DATABASE_NAME, list(contract.values()))
        manifest.state, manifest.built_at = BUILT, utc_now()
        manifest.timings = dict(progress.timings)
        manifest.write(folder)
        step.result = f"{sum(manifest.row_counts.values()):,} rows"
    return manifest


def _close(database: Path, contract: list[RawTable]) -> dict[str, int]:
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


def _synthetic_label(home: Home) -> str | None:
    path = home.sources / _SOURCES_MANIFEST
    if not path.is_file():
        return None
    document = json.loads(path.read_text(encoding="utf-8"))
    label = document.get("synthetic_label")
    return None if label is None else str(label)
