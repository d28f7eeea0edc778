"""Which code a version was built with: a change of it means that old rows need building again."""

import hashlib
import subprocess
from pathlib import Path

_FOLDERS = ("models", "seeds", "macros")
_SUFFIXES = frozenset({".sql", ".csv", ".yml"})
_UNIT_TESTS = "__unit_tests.yml"


def warehouse_files(project_dir: Path) -> list[Path]:
    """The files that decide what the tables hold: models, seeds, macros and their settings."""
    files = [project_dir / "dbt_project.yml"]
    for folder in _FOLDERS:
        files += [
            path
            for path in (project_dir / folder).rglob("*")
            if path.suffix in _SUFFIXES and not path.name.endswith(_UNIT_TESTS)
        ]
    return sorted(files)


def warehouse_fingerprint(project_dir: Path) -> str:
    """A short hash over names and contents of the files that decide what the tables hold."""
    digest = hashlib.sha256()
    for path in warehouse_files(project_dir):
        digest.update(path.relative_to(project_dir).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def code_revision(project_dir: Path) -> str:
    """The commit of the checkout, `+changes` when files differ from it, `unknown` outside git."""
    try:
        commit = _git(project_dir, "rev-parse", "HEAD")
        changes = _git(project_dir, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}+changes" if changes else commit


def _git(project_dir: Path, *arguments: str) -> str:
    completed = subprocess.run(
        ["git", "-C", str(project_dir), *arguments], check=True, capture_output=True, text=True
    )
    return completed.stdout.strip()
