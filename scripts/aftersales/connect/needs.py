"""What a raw table cannot do without, and which metrics each raw column carries."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from aftersales.metrics.dictionary import Metric, read_dictionary
from aftersales.metrics.lineage import columns_read, read_lineage

_RULE = re.compile(r"\[\s*'(\w+_missing)',\s*'quarantine',(.*?)\]", re.DOTALL)
_STORE = ".store_id"
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
    """A metric and the raw columns it lacks."""

    metric: Metric
    lacks: tuple[str, ...]


@dataclass
class Reach:
    """What can be computed of what is delivered.

    `comparing` metrics compare any others (ranks, trends): they show what there is.
    """

    ready: list[Metric] = field(default_factory=list)
    less_exact: list[Want] = field(default_factory=list)
    comparing: list[Metric] = field(default_factory=list)
    wanting: list[Want] = field(default_factory=list)


def reach_of(project: Path, delivered: Iterable[str], most_tables: int) -> Reach:
    """Sort the metrics by what they lack; `delivered` are raw columns, `system.table.column`.

    A metric that counts rows needs the table, of which any delivered column is proof.
    """
    columns = frozenset(delivered)
    there = columns | {f"{one.rpartition('.')[0]}.*" for one in columns}
    dictionary, kept = read_dictionary(project), read_lineage(project)
    refining = _refining_columns()
    reach = Reach()
    for metric in dictionary.metrics.values():
        raw = _told_by(
            {
                one
                for column in map(str, columns_read(metric))
                if column in kept
                for one in kept[column].raw
                if not one.startswith(("seeds.", "audit."))
            }
        )
        lacks = tuple(sorted(raw - there))
        if not raw:
            continue
        if lacks and len({one.rpartition(".")[0] for one in raw}) > most_tables:
            reach.comparing.append(metric)
            continue
        essential = tuple(one for one in lacks if not _only_refines(one, metric, refining))
        if essential:
            reach.wanting.append(Want(metric, essential))
        elif lacks:
            reach.less_exact.append(Want(metric, lacks))
        else:
            reach.ready.append(metric)
    return reach


def _told_by(raw: set[str]) -> set[str]:
    """The raw columns without those tables that only tell which stores there are."""
    telling = {one.rpartition(".")[0] for one in raw if not one.endswith(_STORE)}
    return {one for one in raw if one.rpartition(".")[0] in telling}


def _only_refines(column: str, metric: Metric, refining: dict[str, str]) -> bool:
    """Whether a metric without a raw column is less exact rather than impossible."""
    if column not in refining:
        return False
    return not (refining[column] and re.fullmatch(refining[column], metric.id))


def _refining_columns() -> dict[str, str]:
    path = files("aftersales.connect").joinpath("words", "refining_columns.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    return {
        row["raw_column"]: row["except_metrics"]
        for row in csv.DictReader(lines)
        if not row["valid_to"]
    }
