"""Where a metric comes from: from its marts back to the raw tables, as the models refer to them."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from aftersales.metrics.dictionary import Metric

_REF = re.compile(r"\{\{\s*ref\(\s*'(\w+)'\s*\)\s*\}\}")
_SOURCE = re.compile(r"\{\{\s*source\(\s*'(\w+)'\s*,\s*'(\w+)'\s*\)\s*\}\}")
# Tables of the build itself: the day it stands for and the batches it reads.
_CONTROL = "control"


@dataclass(frozen=True)
class Project:
    """Which model reads which, without running dbt."""

    parents: dict[str, frozenset[str]]
    raw: dict[str, frozenset[str]]
    grains: dict[str, str]
    owners: dict[str, str]

    def raw_tables(self, tables: set[str]) -> list[str]:
        """List the raw tables that end in the given models, as `system.table`."""
        waiting, seen, found = list(tables), set[str](), set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            found |= self.raw.get(name, frozenset())
            waiting += self.parents.get(name, frozenset())
        return sorted(found)


def read_project(project: Path) -> Project:
    """Read the references between models, and the grain and owner of the public ones."""
    parents: dict[str, frozenset[str]] = {}
    raw: dict[str, frozenset[str]] = {}
    for path in sorted((project / "models").rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        parents[path.stem] = frozenset(_REF.findall(text))
        raw[path.stem] = frozenset(
            f"{system}.{table}" for system, table in _SOURCE.findall(text) if system != _CONTROL
        )
    grains: dict[str, str] = {}
    owners: dict[str, str] = {}
    for path in sorted((project / "models").rglob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for model in document.get("models", []):
            meta = model.get("config", {}).get("meta", {})
            grains[model["name"]] = meta.get("grain", "")
            owners[model["name"]] = meta.get("owner", "")
    return Project(parents, raw, grains, owners)


def marts_of(metric: Metric) -> list[str]:
    """List the marts a metric reads, in every cube that answers it."""
    return sorted({column.table for column in metric.columns})
