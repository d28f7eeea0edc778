"""Where a home stands: what is published, what waits, what is left over."""

from dataclasses import dataclass
from pathlib import Path

from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.sources import Landed, discover
from aftersales.settings import Settings
from aftersales.warehouse.candidate import list_candidates
from aftersales.warehouse.hold_ledger import count_events
from aftersales.warehouse.hold_report import count_held
from aftersales.warehouse.manifest import MANIFEST_NAME, Manifest, read_manifest
from aftersales.warehouse.revision import audit_fingerprint, warehouse_fingerprint
from aftersales.warehouse.versions import published_manifest


@dataclass(frozen=True)
class Status:
    """The state of a home at one moment."""

    published: Manifest | None
    pending_files: list[str]
    pending_batches: list[str]
    candidates: list[str]
    is_code_changed: bool
    held_cells: int = 0
    has_new_decisions: bool = False

    @property
    def is_current(self) -> bool:
        """Whether building again would give the published version."""
        has_news = (
            self.pending_files
            or self.pending_batches
            or self.is_code_changed
            or self.has_new_decisions
        )
        return self.published is not None and not has_news


def read_status(home: Home, settings: Settings) -> Status:
    """Look at a home without changing it."""
    published = published_manifest(home)
    batches = ledger.load(home)
    landed = Landed(batches)
    known = set(published.batches) if published else set()
    return Status(
        published=published,
        pending_files=[
            file.relative_name
            for file in discover(home)
            if not landed.holds_unchanged(file) and not landed.holds_content(file, file.sha256())
        ],
        pending_batches=[batch.key for batch in batches if batch.key not in known],
        candidates=[_describe_candidate(folder) for folder in list_candidates(home)],
        is_code_changed=published is not None and not _is_same_code(published, settings),
        held_cells=count_held(home),
        has_new_decisions=published is not None and count_events(home) != published.hold_events,
    )


def _is_same_code(manifest: Manifest, settings: Settings) -> bool:
    return manifest.warehouse_fingerprint == warehouse_fingerprint(
        settings.project_dir
    ) and manifest.audit_fingerprint == audit_fingerprint(settings.project_dir)


def _describe_candidate(folder: Path) -> str:
    if not (folder / MANIFEST_NAME).is_file():
        return f"{folder.name} (cut short)"
    manifest = read_manifest(folder)
    verdict = f", verdict {manifest.verdict}" if manifest.verdict else ""
    return f"{manifest.version_id} ({manifest.state}{verdict})"
