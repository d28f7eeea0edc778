"""A metric's formula, followed from Cube's measure through its sums to columns of the marts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aftersales.errors import AftersalesError
from aftersales.metrics.model import Document, Model

_REFERENCE = re.compile(r"\{(\w+)(?:\.(\w+))?\}(?:\.(\w+))?")
_COLUMN = re.compile(r"\b((?:fct|dim|bridge|mart|dq)_\w+|published_version)\.(\w+)")
_AGGREGATES = {
    "sum": "SUM({})",
    "min": "MIN({})",
    "max": "MAX({})",
    "avg": "AVG({})",
    "count_distinct": "COUNT(DISTINCT {})",
}


@dataclass(frozen=True, order=True)
class Column:
    """A column of a mart."""

    table: str
    name: str

    def __str__(self) -> str:
        """Give `table.column`."""
        return f"{self.table}.{self.name}"


def table_of(cube: Document) -> str:
    """Name the table a cube reads, without its schema."""
    return str(cube["sql_table"]).rpartition(".")[2]


def resolve(model: Model, cube: str, measure: str) -> str:
    """Write a measure of a cube out in columns: every sum with its expression and its filters."""
    return " ".join(_measure(model, cube, measure).split())


def columns_of(formula: str) -> list[Column]:
    """List the columns that a formula, written out, reads."""
    return sorted({Column(table, name) for table, name in _COLUMN.findall(formula)})


def _measure(model: Model, cube: str, name: str) -> str:
    definition = _member(model, cube, name)
    kind = definition["type"]
    if kind == "count":
        return f"COUNT({table_of(model.cubes[cube])}.*)"
    expression = _expanded(model, cube, str(definition["sql"]))
    if kind in _AGGREGATES:
        expression = _AGGREGATES[kind].format(expression)
    conditions = [
        _expanded(model, cube, str(part["sql"])) for part in definition.get("filters", [])
    ]
    if conditions:
        return f"{expression} FILTER (WHERE {' AND '.join(conditions)})"
    return expression


def _member(model: Model, cube: str, name: str) -> Document:
    for kind in ("measures", "dimensions"):
        found = model.members(cube, kind).get(name)
        if found is not None:
            return found
    raise AftersalesError(f"cube {cube} has no member {name}, which a formula of it names.")


def _expanded(model: Model, cube: str, text: str) -> str:
    """Replace `{CUBE}.column`, `{member}`, `{other.member}` and `{other}.column`."""

    def written_out(match: re.Match[str]) -> str:
        first, inner, outer = match.groups()
        if first == "CUBE":
            return f"{table_of(model.cubes[cube])}.{inner or outer}"
        if first in model.cubes and (inner or outer):
            if outer:
                return f"{table_of(model.cubes[first])}.{outer}"
            return _measure(model, first, inner)
        return _measure(model, cube, first)

    return _REFERENCE.sub(written_out, text)


def bindings_of(model: Model) -> dict[str, dict[str, list[str]]]:
    """Give, for every public measure, the cubes that answer it and the views that show it there."""
    found: dict[str, dict[str, list[str]]] = {}
    for member in model.public_measures():
        views = found.setdefault(member.name, {}).setdefault(member.cube, [])
        if member.view not in views:
            views.append(member.view)
    return found


def tables_of(formula: str) -> Iterator[str]:
    """Yield each table of a formula once, in the order of reading."""
    yield from dict.fromkeys(table for table, _ in _COLUMN.findall(formula))
