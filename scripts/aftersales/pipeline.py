"""The whole way of records to a published version, doing only what is needed."""

from dataclasses import replace
from pathlib import Path

from aftersales.company import Company, ensure_company
from aftersales.connectors.load import has_connectors
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ingest import ingest
from aftersales.landing.sources import discover
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.steward.report import write_report
from aftersales.warehouse.build import build_planned
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.plan import BuildRequest, plan_build
from aftersales.warehouse.publish import publish, settle_publication


def bring_up_to_date(
    home: Home,
    settings: Settings,
    progress: Progress,
    company: Company,
    request: BuildRequest,
    connectors_dir: Path | None = None,
) -> Manifest:
    """Land, build, audit and publish what is new; re-use the published version when nothing is.

    Call it with the home's lock held.
    """
    has_sources = discover(home) or has_connectors(connectors_dir or home.connectors)
    is_empty = not has_sources and not ledger.load(home)
    if is_empty or company.is_asked_for:
        ensure_company(home, company, progress)
    ingest(home, settings, progress, connectors_dir).raise_if_stopped()
    settle_publication(home)
    plan = plan_build(home, settings, request, progress)
    if plan.published is not None and plan.is_current:
        progress.note(
            f"Nothing new landed and the code is unchanged: version {plan.published.version_id} "
            "stays published."
        )
        return plan.published
    manifest = build_planned(home, settings, progress, plan)
    _audit(home, settings, progress)
    manifest = publish(home, settings, progress)
    write_report(home, manifest, settings, progress)
    progress.note(f"Published version {manifest.version_id}, as of {manifest.as_of_on}.")
    return manifest


def _audit(home: Home, settings: Settings, progress: Progress) -> None:
    from aftersales.quality.report import render
    from aftersales.warehouse.audit import audit

    manifest, report = audit(home, settings, progress)
    # Warnings are many on real records: they stand in the quality tables and in Data Docs.
    blocking = replace(report, findings=report.blocking)
    if report.verdict.is_publishable:
        progress.note(render(blocking).splitlines()[0])
        return
    progress.warn(render(blocking))
    raise AftersalesError(
        f"Candidate {manifest.version_id} stays unpublished, the published version is untouched: "
        "correct what the audit names, then run the command again."
    )
