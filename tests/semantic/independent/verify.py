"""Every measure the API serves beside its computation from landed records: total, store, month."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from aftersales.metrics.bindings import bindings
from aftersales.metrics.model import Model

from .compare import Question, Server, asked, differences
from .comparisons import COMPARISONS, add_comparisons, verify_comparisons
from .measures import MEASURES
from .month_measures import MEASURES as MONTH_MEASURES
from .month_measures import OF_WHOLE_MONTHS
from .reasons import REASONS
from .results import Result, Unmatched
from .sums import joined, totals

ALL_MEASURES: dict[str, dict[str, str]] = {
    **MEASURES,
    **MONTH_MEASURES,
    **{view: comparison.measures for view, comparison in COMPARISONS.items()},
}
GROUPINGS = ("total", "by store", "by month")
# Members that a measure of these views is asked within: without them it is refused.
WITHIN = {
    "profit_and_loss": ["line_code"],
    "cost_drivers": ["scope_kind", "comparison", "cost_code"],
    "target_attainment": ["metric_code", "scope_kind"],
    "revenue_tree": ["scope_kind", "revenue_line"],
    "month_forecast": ["metric_code", "scope_kind"],
}


@dataclass(frozen=True)
class View:
    """What a view can be grouped by."""

    name: str
    measures: list[str]
    levels: list[str]
    time: str | None
    has_stores: bool


def view_of(model: Model, name: str) -> View:
    """Read a view of the model."""
    members = model.own_members(name)
    measures = [one for one in members if one.kind == "measures"]
    dimensions = {one.name: one.definition["type"] for one in members if one.kind == "dimensions"}
    times = [one for one in ("business_on", "month_start_on", "opened_on") if one in dimensions]
    return View(
        name,
        [one.name for one in measures],
        [one.name for one in measures if one.meta.get("semi_additive")],
        times[0] if times else None,
        "store_key" in dimensions,
    )


def last_day(connection: duckdb.DuckDBPyConnection) -> datetime.date:
    """The day the records stand for."""
    [(day,)] = connection.execute("select as_of_on from known").fetchall()
    found: datetime.date = day
    return found


def is_month_end(day: datetime.date) -> bool:
    """Whether a month ends with a day."""
    return (day + datetime.timedelta(days=1)).day == 1


def unmatched(connection: duckdb.DuckDBPyConnection, model: Model) -> list[Unmatched]:
    """Public measures without a computation from records; no reason is a gap."""
    as_of_on = last_day(connection)
    found = []
    for name in model.views:
        missing = [one for one in view_of(model, name).measures if one not in _formulas(name)]
        if missing:
            found.append(Unmatched(name, missing, REASONS.get(name, "")))
        elif name in OF_WHOLE_MONTHS and not is_month_end(as_of_on):
            reason = "the month still runs; what is due by now is proven by hand in test_pace.py"
            found.append(Unmatched(name, list(_formulas(name)), reason))
    return found


def verify(server: Server, connection: duckdb.DuckDBPyConnection, model: Model) -> Iterator[Result]:
    """Compare every measure that has a computation by each grouping its view has."""
    as_of_on = last_day(connection)
    if COMPARISONS.keys() & model.views.keys():
        add_comparisons(connection, bindings(model))
    for name in model.views:
        if name in COMPARISONS:
            yield from verify_comparisons(server, connection, name)
        elif _formulas(name) and (name not in OF_WHOLE_MONTHS or is_month_end(as_of_on)):
            yield from _verify_view(server, connection, view_of(model, name), as_of_on)


def _formulas(view: str) -> dict[str, str]:
    return ALL_MEASURES.get(view, {})


def _verify_view(
    server: Server, connection: duckdb.DuckDBPyConnection, view: View, as_of_on: datetime.date
) -> Iterator[Result]:
    within = WITHIN.get(view.name, [])
    month = (str(as_of_on.replace(day=1)), str(as_of_on))
    for grouping in GROUPINGS:
        if grouping == "by store" and not view.has_stores:
            continue
        if grouping == "by month" and view.time is None:
            continue
        keys = [*within, "store_key"] if grouping == "by store" else within
        members = [*keys, "cast(date_trunc('month', day_on) as date)"]
        is_monthly = grouping == "by month"
        measures, values, found = [], 0, []
        # A level is what it was at the end of a month: over months it has no sum.
        plain = [one for one in _formulas(view.name) if is_monthly or one not in view.levels]
        levels = [one for one in _formulas(view.name) if one not in plain]
        for names, days in ((plain, None), (levels, month)):
            if not names:
                continue
            question = Question(
                view.name, names, keys,
                view.time if is_monthly or days else None,
                "month" if is_monthly else None,
                days,
            )  # fmt: skip
            shown = asked(server, question)
            expected = totals(
                connection,
                {one: _formulas(view.name)[one] for one in names},
                joined(members if is_monthly else keys),
                f"day_on between '{days[0]}' and '{days[1]}'" if days else "true",
            )
            measures += names
            values += len(names) * len(shown.keys() | expected.keys())
            found += differences(shown, expected, names)
        yield Result(view.name, grouping, measures, values, found)
