"""What changed between the versions that are kept: rule by rule, the newest last."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from aftersales.home import Home
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.versions import database_of, list_versions

_RESULTS = "select rule_id, status, rows_failed, rule_kind from quality.dq_rule_results"
_REPAIRED = "select coalesce(sum(rows_repaired), 0) from quality.dq_row_accounting"


@dataclass(frozen=True)
class Snapshot:
    """The results of the audit of one version."""

    version_id: str
    as_of_on: str
    statuses: dict[str, str]
    rows_failed: dict[str, int]
    open_rows: int
    rows_repaired: int


@dataclass(frozen=True)
class Change:
    """A rule whose count of broken rows differs from the version before."""

    rule_id: str
    before: int
    now: int
    is_new: bool

    @property
    def difference(self) -> int:
        """How many rows more."""
        return self.now - self.before


def read_history(home: Home, manifest: Manifest) -> list[Snapshot]:
    """The kept versions published no later than this one, oldest first."""
    newest_first = list_versions(home)
    names = [version.version_id for version in newest_first]
    start = names.index(manifest.version_id) if manifest.version_id in names else 0
    kept = newest_first[start:]
    found = []
    for version in reversed(kept):
        snapshot = _read(database_of(home, version.version_id), version)
        if snapshot is not None:
            found.append(snapshot)
    return found


def _read(database: Path, manifest: Manifest) -> Snapshot | None:
    """Nothing for a version whose code knew no such tables."""
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            rows: list[tuple[Any, ...]] = connection.execute(_RESULTS).fetchall()
            repaired = connection.execute(_REPAIRED).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException, duckdb.IOException):
        return None
    return Snapshot(
        manifest.version_id,
        manifest.as_of_on,
        {str(rule_id): str(status) for rule_id, status, _, _ in rows},
        {str(rule_id): int(failed) for rule_id, _, failed, _ in rows},
        sum(int(failed) for _, _, failed, kind in rows if kind == "row"),
        int(repaired[0]) if repaired else 0,
    )


def changes(history: list[Snapshot]) -> list[Change]:
    """Rules with more or fewer broken rows than in the version before, the largest change first."""
    if not history[1:]:
        return []
    before, now = history[-2], history[-1]
    found = [
        Change(
            rule_id,
            before.rows_failed.get(rule_id, 0),
            failed,
            now.statuses[rule_id] != "PASS" and before.statuses.get(rule_id, "PASS") == "PASS",
        )
        for rule_id, failed in now.rows_failed.items()
        if failed != before.rows_failed.get(rule_id, 0)
        or now.statuses[rule_id] != before.statuses.get(rule_id, "PASS")
    ]
    return sorted(found, key=lambda one: (-abs(one.difference), one.rule_id))
