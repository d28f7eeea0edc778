"""The manifest of a version: what it is made of, and how far it has come."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aftersales.errors import AftersalesError
from aftersales.files import read_json, write_json

BUILDING = "building"
BUILT = "built"
AUDITED = "audited"
PUBLISHED = "published"

PUBLISHABLE_VERDICTS = frozenset({"pass", "warn"})

DATABASE_NAME = "warehouse.duckdb"
MANIFEST_NAME = "manifest.json"
DATA_DOCS_NAME = "data_docs"


@dataclass
class Manifest:
    """Written beside the database at each stage; complete when the version is published."""

    version_id: str
    parent_version_id: str | None
    as_of_on: str
    is_full_build: bool
    state: str
    code_revision: str
    warehouse_fingerprint: str
    audit_fingerprint: str
    batches: list[str]
    new_batches: list[str]
    synthetic_label: str | None = None
    verdict: str | None = None
    hold_events: int = 0
    row_counts: dict[str, int] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    built_at: str | None = None
    audited_at: str | None = None
    published_at: str | None = None

    def write(self, folder: Path) -> None:
        """Replace the manifest in a version's folder."""
        write_json(folder / MANIFEST_NAME, asdict(self))


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a version's folder."""
    path = folder / MANIFEST_NAME
    try:
        document: dict[str, Any] = read_json(path)
        return Manifest(**document)
    except (OSError, ValueError, TypeError) as error:
        raise AftersalesError(
            f"The manifest {path} cannot be read ({error}): delete the folder of that version, "
            "then run `aftersales run`."
        ) from error
