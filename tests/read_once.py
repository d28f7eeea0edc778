"""dbt reads the project's files once in a test process, not anew for every home.

dbt keeps what it has read in the home and compares files with it, but drops it where the database
has another path: each home of a test would cost a parse of four seconds. What is read does not
depend on that path, which `pipeline/test_dbt_project.py` proves. So a home that has read nothing
starts from a copy of what this process read last, and dbt still reads the files that have changed.
Commands that tests start in a process of their own share nothing.
"""

from typing import Any

import pytest


def read_once(patch: pytest.MonkeyPatch) -> None:
    """Let dbt start from what it has read for another home."""
    from dbt.parser.manifest import ManifestLoader

    read_saved, load = ManifestLoader.read_manifest_for_partial_parse, ManifestLoader.load
    readings: dict[tuple[Any, ...], Any] = {}

    def saved(loader: Any) -> Any:
        found = read_saved(loader)
        if found is None and _project(loader) in readings:
            found = readings[_project(loader)].deepcopy()
            found.state_check = loader.manifest.state_check
        return found

    def loaded(loader: Any) -> Any:
        project = _project(loader)
        manifest = load(loader)
        if not loader.skip_parsing:
            readings[project] = manifest.deepcopy()
        return manifest

    patch.setattr(ManifestLoader, "read_manifest_for_partial_parse", saved)
    patch.setattr(ManifestLoader, "load", loaded)


def _project(loader: Any) -> tuple[Any, ...]:
    """All that dbt compares before it trusts a reading, but for the profile."""
    check = loader.manifest.state_check
    hashes = (check.vars_hash, check.project_env_vars_hash, *check.project_hashes.values())
    return (loader.root_project.project_root, *(one.checksum for one in hashes))
