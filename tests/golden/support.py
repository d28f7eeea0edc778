"""Asking the API and the explanation about the company of the worked examples."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from aftersales.explain.answer import answer
from aftersales.explain.finding import Finding
from aftersales.explain.question import (
    Scope,
    find_metric,
    make_question,
    metrics_of,
    read_period,
)
from aftersales.metrics.model import read_model
from aftersales.serving.server import ServerHandle
from aftersales.settings import Settings
from semantic.support import ask

Row = dict[str, Any]


def rows(
    served: ServerHandle, view: str, names: list[str], month: str | None = None, **filters: str
) -> list[Row]:
    """Rows of a view by short names; those that begin with `by_` are dimensions."""
    measures = [name for name in names if not name.startswith("by_")]
    dimensions = [name.removeprefix("by_") for name in names if name.startswith("by_")]
    question: Row = {
        "measures": [f"{view}.{name}" for name in measures],
        "dimensions": [f"{view}.{name}" for name in dimensions],
        "filters": [
            {"member": f"{view}.{name}", "operator": "equals", "values": [value]}
            for name, value in filters.items()
        ],
    }
    if month:
        time = {"dimension": f"{view}.business_on", "dateRange": [month, month]}
        question["timeDimensions"] = [time]
    reply = ask(served, question)
    assert reply.status == 200, reply.error
    return [
        {name: row[f"{view}.{name}"] for name in dimensions}
        | {name: _number(row[f"{view}.{name}"]) for name in measures}
        for row in reply.rows
    ]


def one(
    served: ServerHandle, view: str, names: list[str], month: str | None = None, **filters: str
) -> Row:
    """The only row of a view that fits."""
    [row] = rows(served, view, names, month, **filters)
    return row


def trend(served: ServerHandle, store: str, metric: str, month: str) -> Row:
    """A store's metric in a month, beside the month and the year before.

    The change stands in the metric's unit, of a share in points; rates stand in per cent.
    """
    found = one(
        served,
        "metric_trends",
        ["metric_value", "previous_value", "change", "change_rate", "year_change"],
        month,
        metric_code=metric,
        store_key=store,
        period_kind="month",
    )
    return {**found, "percent": percent(found["change_rate"])}


def percent(rate: Decimal | None) -> Decimal | None:
    """A rate as the requirements write it."""
    return None if rate is None else 100 * rate


def headline(database: Path, store: str, metric: str, period: str) -> str:
    """The first sentence of the explanation of a change on the month before."""
    settings = Settings()
    model = read_model(settings.project_dir / "semantic" / "model")
    with duckdb.connect(str(database), read_only=True) as connection:
        question = make_question(
            connection,
            find_metric(model, metric),
            Scope("store", store, store),
            read_period(period),
            "previous",
        )
        found = answer(connection, settings.project_dir, question)
    return Finding(found, metrics_of(model), "zh").sentences()[0]


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
