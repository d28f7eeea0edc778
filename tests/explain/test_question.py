"""What people type becomes a question, or an error that says what to type."""

from datetime import date

import duckdb
import pytest

from aftersales.errors import AftersalesError
from aftersales.explain.question import (
    Scope,
    find_metric,
    find_scope,
    make_question,
    metrics_of,
    period_text,
    read_period,
)
from aftersales.metrics.model import Model


@pytest.mark.parametrize(
    ("text", "kind", "start"),
    [
        ("2025-10", "month", "2025-10-01"),
        ("2025-10-31", "day", "2025-10-31"),
        ("2025-W44", "week", "2025-10-27"),
        ("2026-W01", "week", "2025-12-29"),
        ("2025-q3", "quarter", "2025-07-01"),
    ],
)
def test_periods_are_read_and_written(text: str, kind: str, start: str) -> None:
    period = read_period(text)
    assert (period.kind, period.start) == (kind, start)
    assert period_text(kind, date.fromisoformat(start)) == text.upper()


@pytest.mark.parametrize(
    "text", ["2025", "2025-13", "2025-02-30", "2025-W60", "October", "2025-Q5"]
)
def test_no_period_is_an_error(text: str) -> None:
    with pytest.raises(AftersalesError, match="is no period"):
        read_period(text)


@pytest.mark.parametrize(
    "text", ["first_time_fix_rate", "FTFR", "首次修复率", "first-time-fix-rate"]
)
def test_a_metric_is_found_by_code_title_or_synonym(model: Model, text: str) -> None:
    assert find_metric(model, text).code == "first_time_fix_rate"


def test_an_unknown_metric_is_an_error(model: Model) -> None:
    with pytest.raises(AftersalesError, match="There is no metric 'magic': name one of"):
        find_metric(model, "magic")


def test_every_metric_has_titles_and_a_direction(model: Model) -> None:
    found = metrics_of(model)
    assert len(found) > 50
    assert all(one.title_zh and one.title_en and one.direction for one in found.values())


def test_places_are_found_by_name_or_key(warehouse: duckdb.DuckDBPyConnection) -> None:
    by_key = find_scope(warehouse, "S001", None)
    assert by_key.kind == "store"
    assert find_scope(warehouse, by_key.name, None) == by_key
    assert find_scope(warehouse, None, None) == Scope("network", "network", "")
    with pytest.raises(AftersalesError, match="There is no store '月球店': name one of"):
        find_scope(warehouse, "月球店", None)
    with pytest.raises(AftersalesError, match="not both"):
        find_scope(warehouse, "S001", "华北")


def test_what_cannot_be_compared_is_an_error(
    warehouse: duckdb.DuckDBPyConnection, model: Model
) -> None:
    metric = find_metric(model, "revenue")
    store, network = find_scope(warehouse, "S001", None), Scope("network", "network", "")
    month = read_period("2025-01")
    with pytest.raises(AftersalesError, match="A month cannot be compared with a day"):
        make_question(warehouse, metric, store, month, "2025-01-02")
    with pytest.raises(AftersalesError, match="neither previous, last-year"):
        make_question(warehouse, metric, store, month, "月球店")
    with pytest.raises(AftersalesError, match="Only a store has a region"):
        make_question(warehouse, metric, network, month, "region")
    with pytest.raises(AftersalesError, match="compared with itself"):
        make_question(warehouse, metric, network, month, "network")
    with pytest.raises(AftersalesError, match="knows no month 2031-01: name one from"):
        make_question(warehouse, metric, store, read_period("2031-01"), "previous")
