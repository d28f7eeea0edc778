"""The plan of a build: what is new, and whether the published version can be continued."""

from dataclasses import dataclass
from datetime import date

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ledger import Batch
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.candidate import new_version_id
from aftersales.warehouse.hold_ledger import count_events
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.revision import audit_fingerprint, warehouse_fingerprint
from aftersales.warehouse.versions import published_manifest


@dataclass(frozen=True)
class BuildRequest:
    """What the caller asks of a build."""

    is_full: bool = False
    as_of_on: date | None = None


@dataclass(frozen=True)
class BuildPlan:
    """What a build is about to do."""

    version_id: str
    parent_version_id: str | None
    as_of_on: date
    is_full_build: bool
    batches: list[Batch]
    new_batches: list[Batch]
    published: Manifest | None = None
    warehouse_fingerprint: str = ""
    audit_fingerprint: str = ""
    hold_events: int = 0

    @property
    def is_current(self) -> bool:
        """Whether the build would only give the published version again."""
        return (
            self.published is not None
            and not self.is_full_build
            and not self.new_batches
            and self.as_of_on.isoformat() == self.published.as_of_on
            and self.audit_fingerprint == self.published.audit_fingerprint
            and self.hold_events == self.published.hold_events
        )


def plan_build(
    home: Home, settings: Settings, request: BuildRequest, progress: Progress
) -> BuildPlan:
    """Decide what is new, and whether the published version can be continued."""
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
    published = published_manifest(home)
    fingerprint = warehouse_fingerprint(settings.project_dir)
    reason = _reason_for_full_build(request, published, batches, as_of_on, fingerprint)
    if reason:
        progress.note(f"Full build: {reason}.")
    known = set() if reason or published is None else set(published.batches)
    return BuildPlan(
        version_id=new_version_id(home, as_of_on),
        parent_version_id=published.version_id if published else None,
        as_of_on=as_of_on,
        is_full_build=bool(reason),
        batches=batches,
        new_batches=[batch for batch in batches if batch.key not in known],
        published=published,
        warehouse_fingerprint=fingerprint,
        audit_fingerprint=audit_fingerprint(settings.project_dir),
        hold_events=count_events(home),
    )


def _reason_for_full_build(
    request: BuildRequest,
    published: Manifest | None,
    batches: list[Batch],
    as_of_on: date,
    fingerprint: str,
) -> str | None:
    if request.is_full:
        return "asked for"
    if published is None:
        return "there is no published version to continue"
    if published.warehouse_fingerprint != fingerprint:
        return f"models, macros or seeds changed since version {published.version_id}"
    if as_of_on.isoformat() < published.as_of_on:
        return f"version {published.version_id} already goes to {published.as_of_on}"
    if set(published.batches) - {batch.key for batch in batches}:
        return f"version {published.version_id} holds batches that are no longer in landing"
    return None
