"""The published version and the older ones that are kept."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aftersales.errors import AftersalesError
from aftersales.files import read_json, write_json
from aftersales.home import Home
from aftersales.warehouse.manifest import (
    DATABASE_NAME,
    MANIFEST_NAME,
    PUBLISHED,
    Manifest,
    read_manifest,
)


@dataclass(frozen=True)
class Pointer:
    """What `published.json` says: the version readers open."""

    version_id: str
    database: str
    published_at: str


def read_pointer(home: Home) -> Pointer | None:
    """Read the pointer; none before the first publication."""
    if not home.pointer.exists():
        return None
    try:
        document: dict[str, Any] = read_json(home.pointer)
        return Pointer(**document)
    except (ValueError, TypeError) as error:
        raise AftersalesError(
            f"The pointer {home.pointer} cannot be read ({error}): name a version of "
            f"{home.versions} with `aftersales rollback VERSION`."
        ) from error


def write_pointer(home: Home, pointer: Pointer) -> None:
    """Replace the pointer in one rename."""
    write_json(home.pointer, asdict(pointer))


def database_of(home: Home, version_id: str) -> Path:
    """The database file of a version."""
    return home.versions / version_id / DATABASE_NAME


def published_manifest(home: Home) -> Manifest | None:
    """The manifest of the published version, none before the first publication."""
    pointer = read_pointer(home)
    return read_manifest(home.versions / pointer.version_id) if pointer else None


def list_versions(home: Home) -> list[Manifest]:
    """The versions that were published and are still kept, newest publication first."""
    if not home.versions.is_dir():
        return []
    manifests = [
        read_manifest(folder)
        for folder in home.versions.iterdir()
        if (folder / MANIFEST_NAME).is_file()
    ]
    published = [manifest for manifest in manifests if manifest.state == PUBLISHED]
    return sorted(published, key=lambda one: (one.published_at or "", one.version_id), reverse=True)
