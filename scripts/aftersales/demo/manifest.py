"""The label on a set of demo sources: what they are, so that a second run can keep them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import duckdb

MANIFEST = "_manifest.json"
README = """These are the records of a synthetic company.

Every store, person, vehicle, order and amount in this folder was made up by a program
(`aftersales demo`) and belongs to nobody. Some records are wrong on purpose; the answer key beside
this folder names them.
"""


@dataclass(frozen=True)
class Manifest:
    """What a folder of sources holds."""

    label: str
    scale: str
    seed: int
    days: int
    defects: bool
    generator: str
    duckdb_version: str
    legacy_stores: int = 0

    def is_same_company(self, other: Manifest) -> bool:
        """Tell whether two manifests speak of one company, whatever their number of days."""
        return self._without_days() == other._without_days()

    def _without_days(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if key != "days"}


def generator_version() -> str:
    """Give a digest of the program that makes the company: other code, other records."""
    digest = sha256()
    root = Path(str(files("aftersales.demo")))
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".sql", ".yml", ".csv"}:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def manifest_of(
    scale: str, seed: int, days: int, *, defects: bool, legacy_stores: int = 0
) -> Manifest:
    """Give the manifest of the company asked for."""
    return Manifest(
        label="synthetic",
        scale=scale,
        seed=seed,
        days=days,
        defects=defects,
        generator=generator_version(),
        duckdb_version=duckdb.__version__,
        legacy_stores=legacy_stores,
    )


def read_manifest(sources: Path) -> Manifest | None:
    """Give the manifest of a folder of sources, None when there is none that can be read."""
    try:
        return Manifest(**json.loads((sources / MANIFEST).read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def write_manifest(sources: Path, manifest: Manifest) -> None:
    """Label a folder of sources: last of all, so that a half-written folder has no manifest."""
    (sources / "README.txt").write_text(README, encoding="utf-8")
    text = json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n"
    (sources / MANIFEST).write_text(text, encoding="utf-8")
