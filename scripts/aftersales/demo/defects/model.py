"""What a planted defect is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Mode = Literal["change", "add", "drop"]


@dataclass(frozen=True)
class Defect:
    """A defect planted in a share of the rows of one table.

    `changes` gives the wrong value of each column, as SQL over the row's right values. Mode `add`
    leaves the row and adds a wrong copy, mode `drop` keeps the row from the file. `when` limits
    the rows that can carry it, `key` is the natural key as the file shows it, `line` the broken
    line of a text file. Of all defects of a table a row carries at most one.
    """

    kind: str
    system: str
    table: str
    per_million: int
    column: str | None = None
    changes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    when: str = "true"
    mode: Mode = "change"
    key: str = "_key"
    detail: str = "null"
    line: str | None = None


def changed(
    kind: str,
    place: str,
    per_million: int,
    column: str,
    value: str,
    *,
    when: str = "true",
    key: str = "_key",
) -> Defect:
    """Give the defect that writes one wrong value into one column of `system.table`."""
    system, table = place.split(".")
    return Defect(
        kind=kind,
        system=system,
        table=table,
        per_million=per_million,
        column=column,
        changes={column: value},
        when=when,
        key=key,
        detail=f"{column}::varchar",
    )


def unknown_code(place: str, column: str, value: str, per_million: int) -> Defect:
    """Give the defect that writes a code nobody defined."""
    return changed(
        "unknown_code", place, per_million, column, f"'{value}'", when=f"{column} is not null"
    )


def future_dated(place: str, column: str, per_million: int, when: str = "true") -> Defect:
    """Give the defect that dates a row weeks or months after the end of its extract."""
    return changed(
        "future_dated",
        place,
        per_million,
        column,
        "at_utc(getvariable('until_s') + 3000000 + (_k % 20000000)::bigint)",
        when=f"{column} is not null and ({when})",
    )
