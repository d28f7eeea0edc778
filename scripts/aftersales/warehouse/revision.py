"""Which code a version was built with: a change of it means that old rows need building again."""

import hashlib
import subprocess
from pathlib import Path

_WAREHOUSE_FOLDERS = ("models", "seeds", "macros")
_AUDIT_FOLDERS = ("expectations", "tests/data", "scripts/aftersales/quality")
_WAREHOUSE_SUFFIXES = frozenset({".sql", ".csv", ".yml"})
_AUDIT_SUFFIXES = frozenset({".sql", ".yml", ".py"})
_UNIT_TESTS = "__unit_tests.yml"


def warehouse_fingerprint(project_dir: Path) -> str:
    """A short hash over the files that decide what the tables hold: models, seeds, macros."""
    files = _files(project_dir, _WAREHOUSE_FOLDERS, _WAREHOUSE_SUFFIXES)
    files = [path for path in files if not path.name.endswith(_UNIT_TESTS)]
    return _fingerprint(project_dir, [project_dir / "dbt_project.yml", *files])


def audit_fingerprint(project_dir: Path) -> str:
    """A short hash over the files that decide what the audit says, besides the tables."""
    return _fingerprint(project_dir, _files(project_dir, _AUDIT_FOLDERS, _AUDIT_SUFFIXES))


def _files(project_dir: Path, folders: tuple[str, ...], suffixes: frozenset[str]) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (project_dir / folder).rglob("*")
        if path.suffix in suffixes
    )


def _fingerprint(project_dir: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
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
