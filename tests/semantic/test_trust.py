"""Every row can carry its trust, and carrying it changes no total."""

from decimal import Decimal
from typing import Any

from aftersales.metrics.model import Model
from aftersales.serving.server import ServerHandle

from .support import TOKENS, ask

VERSION = ["version_id", "as_of_on", "definition_version"]
CELL = [
    "quality_score", "maturity", "freshness", "held_parts", "hold_reason_zh", "hold_reason_en",
    "served_version_id",
]  # fmt: skip
METRIC = ["metric_version", "metric_status"]
# Views with a metric in each row.
WITH_METRICS = {
    "metric_trends", "store_ranking", "benchmark_gaps", "metric_dispersion", "target_attainment",
    "month_forecast", "forecast_backtest", "metric_changes", "metric_contributions",
    "metric_tree_contributions", "alerts", "health_score_items", "metric_error_bounds",
    "defect_backlog", "metric_availability",
}  # fmt: skip
# Views of facts with a store and a business day.
WITH_CELLS = {
    "store_performance", "service_orders", "service_lines", "first_time_fix", "bay_performance",
    "appointment_performance", "customer_satisfaction", "customer_complaints",
    "technician_performance", "parts_supply",
}  # fmt: skip


def addable(model: Model, view: str) -> list[str]:
    """The counts and sums of a view: what must be the same however it is divided."""
    return [
        member.path
        for member in model.view_members(view)
        if member.kind == "measures"
        and member.meta["unit"] not in {"ratio", "points"}
        and not member.meta.get("semi_additive")
        and _is_plain_sum(model, member.cube, member.definition)
    ]


def _is_plain_sum(model: Model, cube: str, definition: dict[str, Any]) -> bool:
    """Whether a measure is one sum under another name."""
    if definition["type"] in {"sum", "count"}:
        return True
    name = str(definition.get("sql", "")).strip("{}")
    inner = model.members(cube, "measures").get(name)
    return inner is not None and inner["type"] in {"sum", "count"}


def asked(
    server: ServerHandle, measures: list[str], dimensions: list[str]
) -> tuple[list[dict[str, Any]], dict[str, Decimal]]:
    times = [name for name in dimensions if name.endswith("as_of_on")]
    question = {
        "measures": measures,
        "dimensions": [name for name in dimensions if name not in times],
        "timeDimensions": [{"dimension": name, "granularity": "day"} for name in times],
    }
    rows = ask(server, question, TOKENS["steward"]).rows
    totals = {
        name: sum((Decimal(str(row.get(name) or 0)) for row in rows), Decimal())
        for name in measures
    }
    return rows, totals


def test_every_public_view_has_the_stamp(model: Model) -> None:
    for view in model.views:
        names = {member.name for member in model.view_members(view)}
        assert set(VERSION) <= names, view
        assert (set(CELL) <= names) == (view in WITH_CELLS), view
        if view != "metric_definitions":
            assert (set(METRIC) <= names) == (view in WITH_METRICS), view
            assert ("metric_code" in names) == (view in WITH_METRICS), view


def test_the_views_that_lend_the_stamp_cannot_be_asked(server: ServerHandle, model: Model) -> None:
    assert model.lending == ("cell_stamp", "metric_stamp", "version_stamp")
    for member in ("cell_stamp.quality_score", "version_stamp.version_id", "cell_trust.maturity"):
        assert ask(server, {"dimensions": [member]}).status == 403


def test_the_stamp_changes_no_total(server: ServerHandle, model: Model) -> None:
    compared = 0
    for view in model.views:
        measures = addable(model, view)
        if not measures:
            continue
        names = VERSION + (CELL if view in WITH_CELLS else [])
        names += METRIC if view in WITH_METRICS else []
        _, plain = asked(server, measures, [])
        rows, stamped = asked(server, measures, [f"{view}.{name}" for name in names])
        assert stamped == plain, view
        assert {row[f"{view}.version_id"] for row in rows} == {"v1"}, view
        compared += len(measures)
    assert compared > 40


def test_a_row_says_how_far_it_can_be_trusted(server: ServerHandle) -> None:
    view = "store_performance"
    question = {
        "measures": [f"{view}.orders"],
        "dimensions": [f"{view}.{name}" for name in ("store_key", *CELL, "version_id")],
        "filters": [{"member": f"{view}.store_key", "operator": "equals", "values": ["S002"]}],
    }
    rows = ask(server, question).rows
    assert {row[f"{view}.maturity"] for row in rows} == {"provisional", "mature"}
    assert {Decimal(str(row[f"{view}.quality_score"])) for row in rows} == {Decimal("0.9")}


def test_a_row_with_a_metric_says_which_version_of_it_and_whether_it_is_signed(
    server: ServerHandle,
) -> None:
    for view, metric, status in (
        ("metric_trends", "average_ticket", "certified"),
        ("metric_availability", "bay_utilisation", "draft"),
    ):
        names = ("metric_code", *METRIC)
        rows = ask(server, {"dimensions": [f"{view}.{name}" for name in names]}).rows
        found = [[str(row[f"{view}.{name}"]) for name in names] for row in rows]
        assert [metric, "2", status] in found, (view, found)


def test_the_version_of_a_measure_is_asked_by_its_name(server: ServerHandle) -> None:
    view = "metric_definitions"
    question = {
        "dimensions": [f"{view}.metric_version", f"{view}.metric_status"],
        "filters": [
            {"member": f"{view}.metric_code", "operator": "equals", "values": ["average_ticket"]}
        ],
    }
    [row] = ask(server, question, TOKENS["store_manager"]).rows
    assert [str(row[f"{view}.{name}"]) for name in METRIC] == ["2", "certified"]
