"""The list of worked examples, and the check that a figure of the models is the one listed."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("cases.csv")
TESTED, NOT_COMPUTABLE = "tested", "not_computable"
VERDICTS = ("differs", "depends", "agrees", "derived")
_EXACT = Decimal("0.000001")


@dataclass(frozen=True)
class Case:
    """One worked example: what is stated, what comes out, and what proves it."""

    id: str
    what: str
    stated: Any
    recomputed: Any
    verdict: str
    status: str
    where: tuple[str, ...]
    reason: str


def read_cases(path: Path = LIST) -> list[Case]:
    """Read the list. Figures are JSON: a number, a text, a list or names with numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Case(
                row["id"],
                row["what"],
                _figure(row["stated"]),
                _figure(row["recomputed"]),
                row["verdict"],
                row["status"],
                tuple(row["where"].split()),
                row["reason"],
            )
            for row in csv.DictReader(file)
        ]


def _figure(text: str) -> Any:
    return json.loads(text, parse_float=Decimal) if text else None


@cache
def _by_id() -> dict[str, Case]:
    return {case.id: case for case in read_cases()}


def prove(case_id: str, *, stated: Any, found: Any, partly: bool = False) -> None:
    """Pin a case: what the requirements state, and that the models give the recomputed figure.

    `partly` leaves the figures that are not named to the other tests of the case.
    """
    case = _by_id()[case_id]
    assert same(case.stated, stated), f"{case_id} is listed as stated {case.stated}, not {stated}"
    listed = {name: case.recomputed[name] for name in found} if partly else case.recomputed
    assert same(listed, found), (
        f"{case_id} is listed as recomputed {listed}, and the models give {found}"
    )


def same(listed: Any, found: Any) -> bool:
    """Whether a figure is the one listed, at the number of decimals it is listed with."""
    if isinstance(listed, Mapping):
        return (
            isinstance(found, Mapping)
            and set(listed) == set(found)
            and all(same(figure, found[name]) for name, figure in listed.items())
        )
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        return (
            isinstance(found, Sequence)
            and len(listed) == len(found)
            and all(map(same, listed, found))
        )
    if isinstance(listed, int | Decimal) and found is not None:
        return abs(Decimal(str(found)) - listed) <= _tolerance(listed)
    return bool(listed == found)


def _tolerance(listed: int | Decimal) -> Decimal:
    """Half of the last decimal; a figure without any is exact."""
    exponent = listed.as_tuple().exponent if isinstance(listed, Decimal) else 0
    if not isinstance(exponent, int) or exponent >= 0:
        return _EXACT
    return Decimal(5).scaleb(exponent - 1) + _EXACT
