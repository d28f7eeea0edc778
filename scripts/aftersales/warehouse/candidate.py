"""Candidates: versions under construction, each in its own folder."""

import shutil
import time
from datetime import date
from pathlib import Path

from aftersales.errors import AftersalesError
from aftersales.files import copy_file, flush_folder
from aftersales.home import Home
from aftersales.warehouse.manifest import BUILDING, DATABASE_NAME, Manifest, read_manifest
from aftersales.warehouse.versions import database_of

# dbt reads the whole project anew when a path in its profile changes, so every candidate is opened
# under this one name, a link to its folder.
_CURRENT = "current"


def new_version_id(home: Home, as_of_on: date) -> str:
    """A name that sorts by business day and then by time: `20251031-690a4f3c`."""
    second = int(time.time())
    while True:
        version_id = f"{as_of_on:%Y%m%d}-{second:08x}"
        taken = (home.versions / version_id, home.candidates / version_id)
        if not any(folder.exists() for folder in taken):
            return version_id
        second += 1


def create_candidate(home: Home, manifest: Manifest) -> Path:
    """Make the candidate's folder, with the parent's database in it unless built afresh."""
    folder = home.candidates / manifest.version_id
    folder.mkdir(parents=True)
    manifest.write(folder)
    if not manifest.is_full_build and manifest.parent_version_id is not None:
        copy_file(database_of(home, manifest.parent_version_id), folder / DATABASE_NAME)
    drop_current_link(home)
    link = home.candidates / _CURRENT
    link.symlink_to(manifest.version_id, target_is_directory=True)
    flush_folder(home.candidates)
    return folder


def drop_current_link(home: Home) -> None:
    """Remove the link to the candidate that dbt last worked on."""
    (home.candidates / _CURRENT).unlink(missing_ok=True)


def stable_database_path(home: Home) -> Path:
    """The name under which dbt opens the candidate's database, the same for every candidate."""
    return home.candidates.resolve() / _CURRENT / DATABASE_NAME


def list_candidates(home: Home) -> list[Path]:
    """The folders of all candidates, oldest first."""
    if not home.candidates.is_dir():
        return []
    return sorted(
        path for path in home.candidates.iterdir() if path.is_dir() and path.name != _CURRENT
    )


def remove_candidates(home: Home) -> list[str]:
    """Delete the candidates left over; give their names. Call it with the lock held."""
    names = []
    for folder in list_candidates(home):
        shutil.rmtree(folder)
        names.append(folder.name)
    return names


def finished_candidate(home: Home) -> tuple[Path, Manifest]:
    """The newest candidate whose build ended."""
    for folder in reversed(list_candidates(home)):
        if not (folder / DATABASE_NAME).is_file():
            continue
        manifest = read_manifest(folder)
        if manifest.state != BUILDING:
            return folder, manifest
    raise AftersalesError(
        f"There is no finished candidate in {home.candidates}: run `aftersales build` first."
    )
