"""Every break-down adds up: over any dimension the parts of a sum are the whole, to the cent."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from aftersales.metrics.model import Model, ViewMember
from aftersales.serving.client import query
from aftersales.serving.server import ServerHandle, start_server

from ..support import SECRET, TOKENS, build_version, publish

SUMS_ADDED = re.compile(r"\{_\w+\}( [+-] \{_\w+\})*")
ADDITIVE_TYPES = {"sum", "count"}
LIMIT = 50000
# Tables that the audit writes, and this company is not audited.
AUDITED = {"data_quality_rules", "data_quality_rows"}
# Money told by more than one view, each over a fact of its own.
MONEY = (
    "revenue", "labour_sales", "parts_sales", "discount", "direct_cost", "gross_profit",
)  # fmt: skip
MONEY_VIEWS = (
    "store_performance", "service_orders", "service_lines", "store_profit", "business_lines",
)  # fmt: skip


def additive_measures(model: Model, view: str) -> list[str]:
    """Measures of a view that are sums of rows, added or subtracted; levels are none."""
    return [
        member.name
        for member in model.own_members(view)
        if member.kind == "measures" and is_additive(model, member)
    ]


def is_additive(model: Model, member: ViewMember) -> bool:
    formula = str(member.definition.get("sql", "")).strip()
    if member.meta.get("semi_additive") or not SUMS_ADDED.fullmatch(formula):
        return False
    measures = model.members(member.cube, "measures")
    helpers = (measures[name] for name in re.findall(r"\{(_\w+)\}", formula))
    return all(helper.get("type") in ADDITIVE_TYPES for helper in helpers)


def ask_parts(
    served: ServerHandle, view: str, names: list[str], dimension: ViewMember | None
) -> list[dict[str, Any]]:
    """Ask measures of a view by one dimension, or their whole."""
    question: dict[str, Any] = {"measures": [f"{view}.{name}" for name in names], "limit": LIMIT}
    if dimension is not None and dimension.definition["type"] == "time":
        granularity = dimension.meta.get("period", "day")
        question["timeDimensions"] = [{"dimension": dimension.path, "granularity": granularity}]
    elif dimension is not None:
        question["dimensions"] = [dimension.path]
    return query(served.url, TOKENS["steward"], question).rows


def added(rows: list[dict[str, Any]], path: str) -> Decimal:
    return sum((Decimal(row[path] or 0) for row in rows), Decimal(0))


def problems_of(
    served: ServerHandle, model: Model, view: str, only: str | None = None
) -> Iterator[str]:
    """Every sum of a view whose parts over a dimension are not the whole."""
    names = additive_measures(model, view)
    if not names:
        return
    [whole] = ask_parts(served, view, names, None)
    dimensions = [
        member
        for member in model.own_members(view)
        if member.kind == "dimensions" and only in (None, member.name)
    ]
    with ThreadPoolExecutor(2) as threads:
        answers = threads.map(lambda one: ask_parts(served, view, names, one), dimensions)
        for dimension, rows in zip(dimensions, answers, strict=True):
            if len(rows) >= LIMIT:
                yield f"{dimension.path}: has too many members to add up"
            for name in names:
                path = f"{view}.{name}"
                parts, total = added(rows, path), Decimal(whole[path] or 0)
                if parts != total:
                    yield f"{path} by {dimension.name}: parts {parts}, whole {total}"


def test_every_break_down_of_every_view_adds_up(served: ServerHandle, model: Model) -> None:
    views = [view for view in model.views if view not in AUDITED]
    problems = [one for view in views for one in problems_of(served, model, view)]
    assert problems == []


def test_the_walk_covers_the_views_and_their_money(model: Model) -> None:
    covered = {view: additive_measures(model, view) for view in model.views}
    for view in MONEY_VIEWS:
        assert set(MONEY) & set(covered[view]), view
    assert {"orders", "visits", "hours_sold", "complaints"} <= set(covered["store_performance"])
    # A ratio, a level and a value asked for one metric at a time are no sums.
    assert "average_ticket" not in covered["store_performance"]
    assert "stock_at_month_end" not in covered["parts_inventory"]
    assert covered["metric_trends"] == []


@pytest.mark.parametrize("measure", MONEY)
def test_views_tell_the_same_money(served: ServerHandle, model: Model, measure: str) -> None:
    totals = {
        view: added(ask_parts(served, view, [measure], None), f"{view}.{measure}")
        for view in MONEY_VIEWS
        if measure in additive_measures(model, view)
    }
    assert len(totals) > 1
    assert len(set(totals.values())) == 1, totals


def test_a_member_that_is_there_twice_is_noticed(
    installed_dir: Path, model: Model, tmp_path: Path
) -> None:
    database = build_version(tmp_path, "v1", 1)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into marts.dim_store select * from marts.dim_store where store_key = 'S001'"
        )
    publish(tmp_path, "v1")
    with start_server(tmp_path, 0, SECRET, semantic_dir=installed_dir) as twice:
        found = list(problems_of(twice, model, "store_performance", "store_name"))
    assert any(one.startswith("store_performance.revenue by store_name: parts") for one in found)


def test_a_member_that_is_lost_is_noticed(
    installed_dir: Path, model: Model, tmp_path: Path
) -> None:
    """A model that leaves out the rows without a member gives less than the whole."""
    database = build_version(tmp_path, "v1", 1)
    with duckdb.connect(str(database)) as connection:
        connection.execute("update marts.fct_repair_orders set pay_type = null where is_cancelled")
    publish(tmp_path, "v1")
    with start_server(tmp_path, 0, SECRET, semantic_dir=installed_dir) as lost:
        names = additive_measures(model, "service_orders")
        [member] = [m for m in model.own_members("service_orders") if m.name == "pay_type"]
        rows = ask_parts(lost, "service_orders", names, member)
        assert list(problems_of(lost, model, "service_orders", "pay_type")) == []
    counts = [name for name in names if added(rows, f"service_orders.{name}")]
    kept = [row for row in rows if row["service_orders.pay_type"] is not None]
    assert len(kept) < len(rows)
    assert any(
        added(kept, f"service_orders.{name}") != added(rows, f"service_orders.{name}")
        for name in counts
    )
