"""What the API answers beside what the records say, value by value."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aftersales.serving.client import Value, query

from .sums import NOTHING, Groups

# Of ten billion yuan a cent is one part in 10^12: only the last digits of a double may differ.
RELATIVE_TOLERANCE = 1e-13
# Quantiles are shown rounded to the hundredth.
QUANTILE_TOLERANCE = 0.0051
# Slopes and items of the health score are kept to six places, the score itself to four. A distance
# is a small difference of two large doubles.
KEPT_TO_SIX = {
    "trend_slope", "item_value", "item_gap", "distance_to_region_mean", "distance_to_best",
    "store_deviation", "store_variation",
}  # fmt: skip
SIX_PLACES, FOUR_PLACES = 1.1e-6, 5.1e-5
LIMIT = 50000


class TooManyRowsError(Exception):
    """An answer reached the row limit, so that nobody knows what it lacks."""


@dataclass(frozen=True)
class Server:
    """Where the API is, and a token that sees every store."""

    url: str
    token: str


@dataclass(frozen=True)
class Question:
    """What is asked of a view: measures by dimensions, perhaps by a time, perhaps of some days."""

    view: str
    measures: Sequence[str]
    dimensions: Sequence[str] = ()
    time: str | None = None
    granularity: str | None = None
    days: tuple[str, str] | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """A value that is not the same on both sides."""

    measure: str
    member: str
    shown: float | None
    expected: float | None

    def __str__(self) -> str:
        """Give it as one line."""
        return f"{self.measure} of {self.member}: API {self.shown}, records {self.expected}"


def asked(server: Server, question: Question) -> Groups:
    """Measures of a view as the API gives them, by members joined with a bar."""
    view = question.view
    body: dict[str, Any] = {
        "measures": [f"{view}.{name}" for name in question.measures],
        "dimensions": [f"{view}.{name}" for name in question.dimensions],
        "filters": [
            {"member": f"{view}.{name}", "operator": "equals", "values": [value]}
            for name, value in question.conditions.items()
        ],
        "limit": LIMIT,
    }
    keys = list(body["dimensions"])
    if question.time is not None:
        time: dict[str, Any] = {"dimension": f"{view}.{question.time}"}
        if question.granularity is not None:
            time["granularity"] = question.granularity
            keys.append(f"{view}.{question.time}.{question.granularity}")
        if question.days is not None:
            time["dateRange"] = list(question.days)
        body["timeDimensions"] = [time]
    rows = query(server.url, server.token, body).rows
    if len(rows) >= LIMIT:
        raise TooManyRowsError(f"{view} by {', '.join(keys)} has {LIMIT} rows or more")
    return {
        "|".join(as_text(row[key]) for key in keys) or "all": {
            name: as_number(row[f"{view}.{name}"]) for name in question.measures
        }
        for row in rows
    }


def as_text(value: Value) -> str:
    """A member as the records write it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(int(value))
    return value.removesuffix("T00:00:00.000")


def as_number(value: Value) -> float | None:
    """A value of a measure."""
    return None if value is None else float(value)


def is_same(
    name: str, shown: float | None, expected: float | None, is_strict: bool = False
) -> bool:
    """Whether two values are the same, but for the last digits of a double."""
    if shown is None or expected is None:
        # No event at all: a sum of nothing is empty or zero, if nobody says that they differ.
        return shown is expected if is_strict else not shown and not expected
    tolerance = 1e-9
    if name.endswith(("_p50", "_p95")):
        tolerance = QUANTILE_TOLERANCE
    elif name in KEPT_TO_SIX:
        tolerance = SIX_PLACES
    elif name == "health_score":
        tolerance = FOUR_PLACES
    return math.isclose(shown, expected, rel_tol=RELATIVE_TOLERANCE, abs_tol=tolerance)


def pairs(
    shown: Groups, expected: Groups, measures: Sequence[str]
) -> Iterator[tuple[str, str, float | None, float | None]]:
    """Measure, member and both values of everything that either side knows."""
    nothing: dict[str, float | None] = dict.fromkeys(measures)
    for member in sorted(shown.keys() | expected.keys()):
        for name in measures:
            yield (
                name, member,
                shown.get(member, nothing)[name], expected.get(member, nothing)[name],
            )  # fmt: skip


def differences(
    shown: Groups, expected: Groups, measures: Sequence[str], is_strict: bool = False
) -> list[Difference]:
    """Every value that is not the same."""
    return [
        Difference(*pair)
        for pair in pairs(shown, expected, measures)
        if not is_same(pair[0], pair[2], pair[3], is_strict)
    ]
