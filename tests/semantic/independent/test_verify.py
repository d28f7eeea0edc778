"""The comparison of every measure with landed records: clean on a company, and able to fail."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from aftersales.metrics.model import Model
from aftersales.serving.server import ServerHandle

from ..support import TOKENS
from . import compare
from .compare import Question, Server, TooManyRowsError, asked
from .reasons import REASONS
from .report import Company, page, print_company
from .results import Result
from .verify import ALL_MEASURES, GROUPINGS, unmatched, verify, view_of


@pytest.fixture
def server(served: ServerHandle) -> Server:
    return Server(served.url, TOKENS["steward"])


@pytest.fixture
def spoiled(records: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Records that a test may change and add to."""
    records.execute("begin")
    yield records
    records.execute("rollback")


def only(model: Model, *views: str) -> Model:
    """The model with some of its views."""
    return Model(model.cubes, {name: model.views[name] for name in views})


def compared(results: list[Result], model: Model, records: duckdb.DuckDBPyConnection) -> Company:
    return Company("tiny", "synthetic", 1, 1, 1, 1, unmatched(records, model), results)


def test_every_measure_equals_the_records(
    server: Server, spoiled: duckdb.DuckDBPyConnection, model: Model
) -> None:
    found = compared(list(verify(server, spoiled, model)), model, spoiled)
    assert found.lines() == []
    assert found.is_clean
    groupings = {(result.view, result.grouping) for result in found.results}
    assert {("store_performance", one) for one in GROUPINGS} <= groupings
    assert {view for view, _ in found.measures} == set(ALL_MEASURES)
    assert "differences: none" in page([found])


def test_every_public_measure_is_compared_or_has_a_reason(
    records: duckdb.DuckDBPyConnection, model: Model
) -> None:
    for name in model.views:
        measures = set(view_of(model, name).measures)
        assert set(ALL_MEASURES.get(name, {})) == (set() if name in REASONS else measures), name
    assert all(one.reason for one in unmatched(records, model))
    assert not REASONS.keys() - model.views.keys()


def test_a_planted_difference_is_reported(
    server: Server, spoiled: duckdb.DuckDBPyConnection, model: Model
) -> None:
    """One cent on one order shows in the total, in its store and in its month, and nowhere else."""
    spoiled.execute("""
        update orders set listed_labour = listed_labour + 0.01
        where repair_order_key = (
            select min(repair_order_key) from orders
            where store_key = 'S002' and business_on >= '2024-12-01' and order_status = 'closed'
                and business_on < '2025-01-01' and listed_labour > 0
        )
    """)
    part = only(model, "service_orders", "first_time_fix")
    found = compared(list(verify(server, spoiled, part)), part, spoiled)
    assert {result.view for result in found.results if result.differences} == {"service_orders"}
    wrong = {
        result.grouping: {one.member for one in result.differences} for result in found.results
        if result.differences
    }  # fmt: skip
    assert wrong == {"total": {"all"}, "by store": {"S002"}, "by month": {"2024-12-01"}}
    [revenue] = [
        one for one in found.results[0].differences if one.measure == "revenue"
    ]  # fmt: skip
    assert revenue.shown is not None and revenue.expected is not None
    assert round(revenue.expected - revenue.shown, 2) == 0.01
    assert not found.is_clean
    console = Console(record=True, width=200)
    print_company(console, found)
    text = console.export_text()
    assert f"service_orders by store: revenue of S002: API {revenue.shown}" not in text
    assert "service_orders total: revenue of all: API" in text
    assert "service_orders by month: revenue of 2024-12-01: API" in page([found])


def test_a_measure_without_a_computation_is_a_gap(
    records: duckdb.DuckDBPyConnection, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ALL_MEASURES["parts_supply"], "parts_fill_rate")
    part = only(model, "parts_supply")
    found = compared([Result("parts_supply", "total", ["parts_lost_rate"], 1, [])], part, records)
    assert [one.measures for one in found.gaps] == [["parts_fill_rate"]]
    assert not found.is_clean
    assert "no reason" in page([found])


def test_an_answer_at_the_row_limit_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "LIMIT", 2)
    question = Question("store_performance", ["visits"], ["store_key"])
    with pytest.raises(
        TooManyRowsError, match=r"store_performance by store_performance\.store_key"
    ):
        asked(server, question)


def test_persons_found_in_the_records_are_those_of_the_answer_key(
    company: Path, records: duckdb.DuckDBPyConnection
) -> None:
    """Without planted defects the records tell exactly who is who."""
    unlike = records.execute(
        """
        with known as (
            select person_id as known_id, system || ':' || source_customer_id as source_key
            from read_parquet(?)
        )
        select known_id, count(distinct people.person_id)
        from people
        inner join known using (source_key)
        group by known_id
        having count(distinct people.person_id) > 1
        union all
        select person_id, count(distinct known_id)
        from people
        inner join known using (source_key)
        group by person_id
        having count(distinct known_id) > 1
        """,
        [str(company / "answer_key" / "persons.parquet")],
    ).fetchall()
    assert unlike == []
