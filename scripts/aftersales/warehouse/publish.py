"""Publication: an audited candidate becomes a version, and the pointer is moved in one rename."""

import shutil
from pathlib import Path

from aftersales.clock import utc_now
from aftersales.errors import AftersalesError
from aftersales.files import flush_file, flush_folder
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.candidate import drop_current_link, finished_candidate
from aftersales.warehouse.manifest import (
    AUDITED,
    DATABASE_NAME,
    MANIFEST_NAME,
    PUBLISHABLE_VERDICTS,
    PUBLISHED,
    Manifest,
    read_manifest,
)
from aftersales.warehouse.versions import (
    Pointer,
    database_of,
    list_versions,
    read_pointer,
    write_pointer,
)


def publish(home: Home, settings: Settings, progress: Progress) -> Manifest:
    """Publish the audited candidate. Call it with the home's lock held."""
    settle_publication(home)
    folder, manifest = finished_candidate(home)
    _refuse_unfit(folder, manifest)
    with progress.step(f"Publish version {manifest.version_id}"):
        target = home.versions / manifest.version_id
        home.versions.mkdir(parents=True, exist_ok=True)
        flush_file(folder / DATABASE_NAME)
        drop_current_link(home)
        folder.rename(target)
        flush_folder(home.versions)
        flush_folder(home.candidates)
        _point_to(home, manifest.version_id)
        manifest = _mark_published(home, manifest)
        remove_old_versions(home, settings.kept_versions)
    return manifest


def rollback(home: Home, version_id: str | None, progress: Progress) -> Manifest:
    """Point readers to an older version. Call it with the home's lock held."""
    settle_publication(home)
    target = _rollback_target(home, version_id)
    if not database_of(home, target.version_id).is_file():
        raise AftersalesError(
            f"Version {target.version_id} has lost its database file: choose another one of "
            "`aftersales versions`."
        )
    with progress.step(f"Roll back to version {target.version_id}"):
        _point_to(home, target.version_id)
    return target


def settle_publication(home: Home) -> None:
    """Finish or undo a publication that was cut short. Call it with the home's lock held.

    A version is marked as published after the pointer has moved. One that is not marked was either
    reached by the pointer, then it is marked now, or not, then nobody has seen it and it goes;
    so does a folder whose removal was cut short.
    """
    pointer = read_pointer(home)
    if not home.versions.is_dir():
        return
    for folder in sorted(home.versions.iterdir()):
        is_pointed_to = pointer is not None and pointer.version_id == folder.name
        has_manifest = (folder / MANIFEST_NAME).is_file()
        is_unmarked = has_manifest and read_manifest(folder).state == AUDITED
        if is_pointed_to and is_unmarked:
            _mark_published(home, read_manifest(folder))
        elif not is_pointed_to and (is_unmarked or not has_manifest):
            shutil.rmtree(folder)


def _refuse_unfit(folder: Path, manifest: Manifest) -> None:
    if manifest.state != AUDITED:
        raise AftersalesError(
            f"Candidate {manifest.version_id} has not been audited: run `aftersales audit` first."
        )
    if manifest.verdict not in PUBLISHABLE_VERDICTS:
        raise AftersalesError(
            f"Candidate {manifest.version_id} stays unpublished, its audit ended with "
            f"'{manifest.verdict}': see {folder / 'data_docs'} and the quality tables in "
            f"{folder / DATABASE_NAME}, correct the records, then run `aftersales run`."
        )


def _point_to(home: Home, version_id: str) -> None:
    database = database_of(home, version_id).relative_to(home.root)
    write_pointer(home, Pointer(version_id, database.as_posix(), utc_now()))


def _mark_published(home: Home, manifest: Manifest) -> Manifest:
    pointer = read_pointer(home)
    manifest.state = PUBLISHED
    manifest.published_at = pointer.published_at if pointer else utc_now()
    manifest.write(home.versions / manifest.version_id)
    return manifest


def _rollback_target(home: Home, version_id: str | None) -> Manifest:
    versions = list_versions(home)
    kept = ", ".join(manifest.version_id for manifest in versions) or "none"
    if version_id is not None:
        found = [manifest for manifest in versions if manifest.version_id == version_id]
        if not found:
            raise AftersalesError(
                f"There is no version {version_id} in {home.root}: choose one of {kept}."
            )
        return found[0]
    pointer = read_pointer(home)
    if pointer is None:
        raise AftersalesError(
            f"Nothing is published in {home.root}: run `aftersales run` first, or name one of the "
            f"versions kept ({kept})."
        )
    names = [manifest.version_id for manifest in versions]
    older = versions[names.index(pointer.version_id) + 1 :] if pointer.version_id in names else []
    if not older:
        raise AftersalesError(
            f"No version older than {pointer.version_id} is kept in {home.root} (kept: {kept})."
        )
    return older[0]


def remove_old_versions(home: Home, kept_versions: int) -> None:
    """Delete all but the newest versions, never the published one."""
    pointer = read_pointer(home)
    for manifest in list_versions(home)[kept_versions:]:
        if pointer is None or manifest.version_id != pointer.version_id:
            shutil.rmtree(home.versions / manifest.version_id)
