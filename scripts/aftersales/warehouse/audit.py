"""The audit of the finished candidate: the gate judges, the manifest remembers the verdict."""

from dataclasses import replace
from pathlib import Path

import duckdb

from aftersales.clock import utc_now
from aftersales.contract import load_contract
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.quality.model import AuditError, AuditReport, Finding, Status, Verdict
from aftersales.settings import Settings
from aftersales.warehouse.build import close_candidate
from aftersales.warehouse.candidate import finished_candidate, stable_database_path
from aftersales.warehouse.cells import decide
from aftersales.warehouse.control import drop_audit_results
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.hold_ledger import (
    HOLD,
    HoldEvent,
    count_events,
    create_held_cells,
    record,
)
from aftersales.warehouse.manifest import (
    AUDITED,
    BUILT,
    DATA_DOCS_NAME,
    DATABASE_NAME,
    Manifest,
)


def audit(home: Home, settings: Settings, progress: Progress) -> tuple[Manifest, AuditReport]:
    """Judge the finished candidate. Call it with the home's lock held."""
    folder, manifest = finished_candidate(home)
    manifest.state, manifest.verdict = BUILT, None
    manifest.write(folder)
    report = _judged(home, settings, progress, folder, manifest)
    decision = decide(stable_database_path(home), home, manifest, report.results)
    if decision.refusal is not None:
        report = _refused(stable_database_path(home), report, decision.refusal)
    elif decision.events:
        record(home, decision.events)
        _recompute(home, settings, progress, folder, manifest, decision.events)
        report = _judged(home, settings, progress, folder, manifest)
    manifest.hold_events = count_events(home)
    manifest.state, manifest.verdict, manifest.audited_at = AUDITED, report.verdict.value, utc_now()
    manifest.timings |= progress.timings
    manifest.timings |= {f"Audit: {name}": took for name, took in report.timings.items()}
    manifest.write(folder)
    return manifest, report


def _judged(
    home: Home, settings: Settings, progress: Progress, folder: Path, manifest: Manifest
) -> AuditReport:
    with progress.step(f"Audit candidate {manifest.version_id}") as step:
        report = _run_audit(home, settings, folder, manifest)
        step.result = f"{len(report.results)} rules, verdict {report.verdict.value}"
    return report


def _recompute(
    home: Home,
    settings: Settings,
    progress: Progress,
    folder: Path,
    manifest: Manifest,
    events: list[HoldEvent],
) -> None:
    """Serve what the ledger says now: build what hangs on the store day once more."""
    for event in events:
        cell = event.cell
        verb = "Hold" if event.event == HOLD else "Release"
        progress.note(
            f"{verb} {cell.store_key} {cell.business_on} ({cell.part_group}): {event.reason_en}"
        )
    with duckdb.connect(str(folder / DATABASE_NAME)) as connection:
        drop_audit_results(connection)
        create_held_cells(connection, home)
    project = DbtProject(home, settings, stable_database_path(home))
    project.run(
        progress,
        "Recompute what is held",
        ["run", "--select", "fct_store_day+", "int_held_months+"],
    )
    contract = load_contract(settings.project_dir)
    manifest.row_counts = close_candidate(folder / DATABASE_NAME, list(contract.values()))


def _refused(database: Path, report: AuditReport, refusal: str) -> AuditReport:
    """The report of a version in which too much would be held."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("update quality.dq_verdict set verdict = ?", [Verdict.FAIL.value])
    finding = Finding(
        rule_id="held_stores_of_a_day_max_percent",
        status=Status.FAIL,
        severity="critical",
        sentence_en="Few stores of a day are held back.",
        sentence_zh="同一天被暂缓的门店不多。",
        owner="data-engineering",
        table_name="fct_store_day",
        stores=(),
        rows_failed=0,
        rows_checked=0,
        endangered_metrics=(),
        fix_hint_en="Extract the day again for all stores.",
        fix_hint_zh="请重新抽取该日全部门店数据。",
        message=refusal,
        where_to_look="select * from quality.dq_failing_rows",
    )
    return replace(report, verdict=Verdict.FAIL, findings=(finding, *report.findings))


def _run_audit(home: Home, settings: Settings, folder: Path, manifest: Manifest) -> AuditReport:
    # Great Expectations takes seconds to import: only an audit pays for it.
    from aftersales.quality.audit import run_audit

    database = stable_database_path(home)
    project = DbtProject(home, settings, database)
    try:
        with project.environment():
            return run_audit(
                database,
                settings.project_dir,
                (folder / DATA_DOCS_NAME).resolve(),
                synthetic_label=manifest.synthetic_label,
                target_dir=project.target_dir,
            )
    except AuditError as error:
        raise AftersalesError(
            f"Candidate {manifest.version_id} could not be audited: {error}"
        ) from error
