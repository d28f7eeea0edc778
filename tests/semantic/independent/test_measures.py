"""Each measure equals its independent computation: in total, by time, and by every dimension."""

from pathlib import Path

import duckdb
import pytest

from aftersales.metrics.model import Model
from aftersales.serving.server import ServerHandle

from ..support import TOKENS
from .compare import Question, Server, asked, differences
from .measures import MEASURES
from .sums import Groups, totals

BY_DAY = ("month", "week", "day")
BY_MONTH = ("month", "quarter", "year")


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
        for m in model.own_members(view)
        if m.kind == "measures" and m.meta.get("semi_additive")
    }
    additive = {name: formula for name, formula in formulas.items() if name not in levels}
    problems: list[str] = []
    server = Server(served.url, TOKENS["engineer"])

    def compare(measures: dict[str, str], group: str | None, granularity: str | None) -> None:
        if granularity is None:
            expression = group or ""
        else:
            expression = f"cast(date_trunc('{granularity}', day_on) as date)"
        names = list(measures)
        dimensions = [group] if group and not granularity else []
        time = group if granularity else None
        shown = asked(server, Question(view, names, dimensions, time, granularity))
        expected = totals(records, measures, expression)
        problems.extend(
            f"by {group} {granularity or ''}: {problem}"
            for problem in differences(shown, expected, names)
        )

    compare(additive, None, None)
    for member in model.own_members(view):
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
        for m in model.own_members(view)
        if m.kind == "dimensions" and m.definition["type"] != "time"
    ]
    days = ("2024-12-01", "2024-12-31")
    for dimension in dimensions:
        question = Question(view, names, [dimension], "business_on", None, days)
        shown = asked(Server(served.url, TOKENS["engineer"]), question)
        expected = totals(
            records, MEASURES[view], dimension, where=f"day_on between '{days[0]}' and '{days[1]}'"
        )
        assert differences(shown, expected, names) == [], dimension


def test_the_comparison_notices_a_difference() -> None:
    expected: Groups = {"S001": {"revenue": 100.0}}
    assert differences({"S001": {"revenue": 100.01}}, expected, ["revenue"])
    assert differences({"S002": {"revenue": 100.0}}, expected, ["revenue"])
    assert differences({}, expected, ["revenue"])
    assert differences({"S001": {"revenue": 100.0}}, expected, ["revenue"]) == []
