"""What a raw table cannot do without, and which metrics each raw column carries."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aftersales.metrics.dictionary import Metric, read_dictionary
from aftersales.metrics.lineage import columns_read, read_lineage

_RULE = re.compile(r"\[\s*'(\w+_missing)',\s*'quarantine',(.*?)\]", re.DOTALL)
_MISSING = re.compile(r"cleaned\.(\w+) is null")


def needed_columns(project: Path) -> dict[str, frozenset[str]]:
    """By raw table: columns without which staging sets every row aside, read from its rules."""
    blocking = _blocking_rules(project)
    found: dict[str, frozenset[str]] = {}
    for path in sorted((project / "models" / "staging").glob("*/stg_*.sql")):
        system, _, name = path.stem.removeprefix("stg_").partition("__")
        rules = _RULE.findall(path.read_text(encoding="utf-8"))
        found[f"{system}.{name}"] = frozenset(
            column
            for rule, predicate in rules
            if rule in blocking
            for column in _MISSING.findall(predicate)
        )
    return found


def _blocking_rules(project: Path) -> set[str]:
    path = project / "seeds" / "quality" / "dq_rules.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["rule_id"] for row in csv.DictReader(stream) if not row["valid_to"]}


@dataclass(frozen=True)
class Want:
    """A metric that cannot be computed, and the raw columns it lacks."""

    metric: Metric
    lacks: tuple[str, ...]


def metrics_in_want(project: Path, delivered: Iterable[str]) -> tuple[list[Want], list[Metric]]:
    """Metrics that lack a raw column, and those that have all, given what is delivered.

    A metric that counts rows needs the table, of which any delivered column is proof.
    """
    columns = frozenset(delivered)
    there = columns | {f"{one.rpartition('.')[0]}.*" for one in columns}
    dictionary, kept = read_dictionary(project), read_lineage(project)
    wants, ready = [], []
    for metric in dictionary.metrics.values():
        raw = {
            one
            for column in map(str, columns_read(metric))
            if column in kept
            for one in kept[column].raw
            if not one.startswith("seeds.")
        }
        lacks = tuple(sorted(raw - there))
        if lacks:
            wants.append(Want(metric, lacks))
        elif raw:
            ready.append(metric)
    return wants, ready
