"""Each measure equals its independent computation: in total, by time, and by every dimension."""

import math
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from aftersales.metrics.model import Model
from aftersales.serving.client import Value, query
from aftersales.serving.server import ServerHandle

from ..support import TOKENS
from .company import NOTHING, totals
from .measures import MEASURES, NOT_ABOUT_EVENTS

BY_DAY = ("month", "week", "day")
BY_MONTH = ("month", "quarter", "year")
# Quantiles and minutes are shown rounded to the hundredth.
RELATIVE_TOLERANCE = 1e-9
QUANTILE_TOLERANCE = 0.0051

Groups = dict[str, dict[str, float | None]]


def asked(
    served: ServerHandle, view: str, measures: list[str], group: str | None, granularity: str | None
) -> Groups:
    """Measures of a view by a dimension, as the API gives them."""
    question: dict[str, object] = {
        "measures": [f"{view}.{name}" for name in measures],
        "limit": 50000,
    }
    key = None
    if granularity is not None:
        question["timeDimensions"] = [{"dimension": f"{view}.{group}", "granularity": granularity}]
        key = f"{view}.{group}.{granularity}"
    elif group is not None:
        question["dimensions"] = [f"{view}.{group}"]
        key = f"{view}.{group}"
    rows = query(served.url, TOKENS["engineer"], question).rows
    return {
        as_text(row[key]) if key else "all": {
            name: as_number(row[f"{view}.{name}"]) for name in measures
        }
        for row in rows
    }


def as_text(value: Value) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(int(value))
    return value.removesuffix("T00:00:00.000")


def as_number(value: Value) -> float | None:
    return None if value is None else float(value)


def is_same(name: str, shown: float | None, expected: float | None) -> bool:
    if shown is None or expected is None:
        # No event at all: a sum of nothing is empty or zero.
        return not shown and not expected
    tolerance = QUANTILE_TOLERANCE if name.endswith(("_p50", "_p95")) else 1e-9
    return math.isclose(shown, expected, rel_tol=RELATIVE_TOLERANCE, abs_tol=tolerance)


def differences(shown: Groups, expected: Groups, measures: list[str]) -> list[str]:
    nothing: dict[str, float | None] = dict.fromkeys(measures)
    found = []
    for group in sorted(shown.keys() | expected.keys()):
        for name in measures:
            left, right = shown.get(group, nothing)[name], expected.get(group, nothing)[name]
            if not is_same(name, left, right):
                found.append(f"{name} of {group}: API {left}, records {right}")
    return found


def test_every_measure_has_an_independent_computation(model: Model) -> None:
    for view in model.views:
        measures = {m.name for m in model.view_members(view) if m.kind == "measures"}
        if view not in NOT_ABOUT_EVENTS:
            assert measures == set(MEASURES[view]), view


def test_the_company_lost_no_row(company: Path) -> None:
    [database] = list(company.glob("candidates/2*/warehouse.duckdb"))
    with duckdb.connect(str(database), read_only=True) as warehouse:
        quarantined = warehouse.execute(
            "select sum(rows_quarantined) from quality.dq_row_accounting"
        ).fetchone()
    assert quarantined == (0,)


@pytest.mark.parametrize("view", MEASURES)
def test_measures_equal_the_records(
    served: ServerHandle, records: duckdb.DuckDBPyConnection, model: Model, view: str
) -> None:
    formulas = MEASURES[view]
    levels = {
        m.name
        for m in model.view_members(view)
        if m.kind == "measures" and m.meta.get("semi_additive")
    }
    additive = {name: formula for name, formula in formulas.items() if name not in levels}
    problems: list[str] = []

    def compare(measures: dict[str, str], group: str | None, granularity: str | None) -> None:
        if granularity is None:
            expression = group or ""
        else:
            expression = f"cast(date_trunc('{granularity}', day_on) as date)"
        names = list(measures)
        shown = asked(served, view, names, group, granularity)
        expected = totals(records, measures, expression)
        problems.extend(
            f"by {group} {granularity or ''}: {problem}"
            for problem in differences(shown, expected, names)
        )

    compare(additive, None, None)
    for member in model.view_members(view):
        if member.kind == "dimensions" and member.definition["type"] == "time":
            for granularity in BY_MONTH if member.meta.get("period") == "month" else BY_DAY:
                compare(additive, member.name, granularity)
        elif member.kind == "dimensions":
            compare(additive, member.name, None)
    if levels:
        compare(formulas, "business_on", "month")
    assert problems == []


def test_levels_by_dimension_within_a_month(
    served: ServerHandle, records: duckdb.DuckDBPyConnection, model: Model
) -> None:
    view = "parts_inventory"
    names = list(MEASURES[view])
    dimensions = [
        m.name
        for m in model.view_members(view)
        if m.kind == "dimensions" and m.definition["type"] != "time"
    ]
    for dimension in dimensions:
        question = {
            "measures": [f"{view}.{name}" for name in names],
            "dimensions": [f"{view}.{dimension}"],
            "timeDimensions": [
                {"dimension": f"{view}.business_on", "dateRange": ["2024-12-01", "2024-12-31"]}
            ],
            "limit": 50000,
        }
        rows = query(served.url, TOKENS["engineer"], question).rows
        shown = {
            as_text(row[f"{view}.{dimension}"]): {
                name: as_number(row[f"{view}.{name}"]) for name in names
            }
            for row in rows
        }
        expected = totals(
            records, MEASURES[view], dimension, where="day_on between '2024-12-01' and '2024-12-31'"
        )
        assert differences(shown, expected, names) == [], dimension


def test_the_comparison_notices_a_difference() -> None:
    expected: Groups = {"S001": {"revenue": 100.0}}
    assert differences({"S001": {"revenue": 100.01}}, expected, ["revenue"])
    assert differences({"S002": {"revenue": 100.0}}, expected, ["revenue"])
    assert differences({}, expected, ["revenue"])
    assert differences({"S001": {"revenue": 100.0}}, expected, ["revenue"]) == []
