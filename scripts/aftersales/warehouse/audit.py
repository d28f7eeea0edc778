"""The audit of the finished candidate: the gate judges, the manifest remembers the verdict."""

from pathlib import Path

from aftersales.clock import utc_now
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.quality.model import AuditError, AuditReport
from aftersales.settings import Settings
from aftersales.warehouse.candidate import finished_candidate, stable_database_path
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.manifest import AUDITED, BUILT, DATA_DOCS_NAME, Manifest


def audit(home: Home, settings: Settings, progress: Progress) -> tuple[Manifest, AuditReport]:
    """Judge the finished candidate. Call it with the home's lock held."""
    folder, manifest = finished_candidate(home)
    manifest.state, manifest.verdict = BUILT, None
    manifest.write(folder)
    with progress.step(f"Audit candidate {manifest.version_id}") as step:
        report = _run_audit(home, settings, folder, manifest)
        step.result = f"{len(report.results)} rules, verdict {report.verdict.value}"
    manifest.state, manifest.verdict, manifest.audited_at = AUDITED, report.verdict.value, utc_now()
    manifest.timings |= progress.timings
    manifest.timings |= {f"Audit: {name}": took for name, took in report.timings.items()}
    manifest.write(folder)
    return manifest, report


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
