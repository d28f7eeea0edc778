"""A source that lacks data makes its metrics unavailable with a reason, and nothing a zero."""

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from aftersales.demo.generate import generate
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import literal
from aftersales.warehouse.audit import audit
from aftersales.warehouse.build import build
from aftersales.warehouse.candidate import stable_database_path
from aftersales.warehouse.plan import BuildRequest
from companies import copied

POOR, RICH = "S002", "S001"
WORKSHOP = ["bay_utilisation", "technician_productivity", "orders_per_technician_day"]


def _built(
    company: Path, folder: Path, impoverish: Callable[[Path], None]
) -> tuple[duckdb.DuckDBPyConnection, str]:
    """A company of two stores whose sources lost something, built and audited."""
    home, settings = copied(Home(company), folder / "home"), Settings()
    progress = Progress(Console(file=io.StringIO(), width=300))
    impoverish(home.sources)
    ingest(home, settings, progress)
    build(home, settings, progress, BuildRequest())
    _, report = audit(home, settings, progress)
    return duckdb.connect(str(stable_database_path(home)), read_only=True), report.verdict.value


def _take_store_out(sources: Path) -> None:
    for table in ("bay_occupancy", "clock_events"):
        for path in (sources / "dms" / table).glob("*.parquet"):
            kept = path.with_suffix(".kept")
            duckdb.execute(
                f"copy (select * from {literal(path)} where store_id <> '{POOR}') "
                f"to {literal(kept)} (format parquet)"
            )
            kept.replace(path)


def _take_systems_out(sources: Path) -> None:
    for system in ("crm", "finance"):
        for path in (sources / system).rglob("*.csv"):
            path.unlink()
    for path in (sources / "dms" / "labour_lines").glob("*.parquet"):
        kept = path.with_suffix(".kept")
        duckdb.execute(
            f"copy (select * replace (null as cost_amount) from {literal(path)}) "
            f"to {literal(kept)} (format parquet)"
        )
        kept.replace(path)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    generate(folder, scale="2", seed=3, days=None, defects=False)
    return folder


@pytest.fixture(scope="module")
def store_lacks(company: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str]:
    return _built(company, tmp_path_factory.mktemp("store"), _take_store_out)


@pytest.fixture(scope="module")
def company_lacks(company: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str]:
    return _built(company, tmp_path_factory.mktemp("company"), _take_systems_out)


def _values(connection: duckdb.DuckDBPyConnection, metric: str) -> dict[str, set[Any]]:
    """The values of a metric in all whole months, by scope."""
    rows = connection.execute(
        "select scope_key, list(metric_value) from marts.fct_metric_periods "
        "where metric_code = ? and period_kind = 'month' group by scope_key",
        [metric],
    ).fetchall()
    return {scope: set(values) for scope, values in rows}


def _available(connection: duckdb.DuckDBPyConnection, metric: str, scope: str) -> tuple[Any, ...]:
    row = connection.execute(
        "select availability, missing_source, reason_zh, reason_en "
        "from marts.fct_metric_availability where metric_code = ? and scope_key = ?",
        [metric, scope],
    ).fetchone()
    assert row is not None
    return row


def test_one_store_without_its_workshop_does_not_stop_the_company(
    store_lacks: tuple[Any, str],
) -> None:
    assert store_lacks[1] in {"pass", "warn"}


@pytest.mark.parametrize("metric", WORKSHOP)
def test_the_store_has_no_value_and_says_why(store_lacks: tuple[Any, str], metric: str) -> None:
    connection = store_lacks[0]
    values = _values(connection, metric)
    assert values[POOR] == {None}
    assert None not in values[RICH]
    availability, missing, zh, en = _available(connection, metric, POOR)
    assert availability == "unavailable"
    assert missing in {"dms.bay_occupancy", "dms.clock_events"}
    assert missing in zh and missing in en
    assert _available(connection, metric, RICH)[:2] == ("available", None)
    assert _available(connection, metric, "network")[0] == "partial"


def test_the_network_stands_on_the_stores_that_are_known(store_lacks: tuple[Any, str]) -> None:
    values = _values(store_lacks[0], "bay_utilisation")
    assert values["network"] == values[RICH]


def test_a_ratio_of_the_network_holds_the_same_stores_above_and_below(
    store_lacks: tuple[Any, str],
) -> None:
    """Orders rest on one source and technicians on another, which one of two stores lacks."""
    for metric in ("orders_per_technician_day", "revenue_per_technician_day"):
        values = _values(store_lacks[0], metric)
        assert values["network"] == values[RICH], metric
    assert _values(store_lacks[0], "orders")["network"] != _values(store_lacks[0], "orders")[RICH]


def test_bays_nobody_recorded_are_not_idle(store_lacks: tuple[Any, str]) -> None:
    rows = store_lacks[0].execute(
        "select store_key, count(*), count(productive_minutes) from marts.fct_bay_hours "
        "group by all"
    )
    counted = {store: (rows, known) for store, rows, known in rows.fetchall()}
    assert counted[POOR][0] > 0 and counted[POOR][1] == 0
    assert counted[RICH][0] == counted[RICH][1]


def test_what_is_missing_gets_no_rank_and_no_score(store_lacks: tuple[Any, str]) -> None:
    connection = store_lacks[0]
    ranks = connection.execute(
        "select store_key, count(network_rank), max(network_store_count) "
        "from marts.fct_metric_rankings where metric_code = 'bay_utilisation' group by all"
    ).fetchall()
    ranked = {store: (count, stores) for store, count, stores in ranks}
    assert ranked[POOR][0] == 0
    assert ranked[RICH][0] > 0 and ranked[RICH][1] == 1
    scored = connection.execute(
        "select count(score) from marts.fct_score_items where store_key = ? and metric_code in "
        "('bay_utilisation', 'orders_per_technician_day')",
        [POOR],
    ).fetchone()
    assert scored == (0,)
    assert connection.execute(
        "select distinct is_partial from marts.fct_scores where store_key = ? "
        "and part_code = 'total'",
        [POOR],
    ).fetchall() == [(True,)]


def test_what_is_missing_raises_no_alert(store_lacks: tuple[Any, str]) -> None:
    found = store_lacks[0].execute(
        "select count(*) from marts.fct_alerts where metric_code = 'bay_utilisation' "
        "and store_key = ?",
        [POOR],
    )
    assert found.fetchone() == (0,)


def test_a_company_of_one_system_passes(company_lacks: tuple[Any, str]) -> None:
    assert company_lacks[1] in {"pass", "warn"}


@pytest.mark.parametrize(
    ("metric", "source"),
    [
        ("nps", "crm.surveys"),
        ("surveys_sent", "crm.surveys"),
        ("complaints", "crm.complaints"),
        ("complaint_rate", "crm.complaints"),
        ("gross_margin", "dms.labour_lines.cost_amount"),
        ("gross_profit", "dms.labour_lines.cost_amount"),
    ],
)
def test_no_scope_has_a_value_without_its_source(
    company_lacks: tuple[Any, str], metric: str, source: str
) -> None:
    connection = company_lacks[0]
    assert set().union(*_values(connection, metric).values()) == {None}
    for scope in (POOR, RICH, "network"):
        assert _available(connection, metric, scope)[:2] == ("unavailable", source)


def test_a_line_without_cost_is_no_profit_at_any_grain(company_lacks: tuple[Any, str]) -> None:
    """Of this company the labour lines carry no cost, the part lines do."""
    connection = company_lacks[0]
    lines = connection.execute(
        "select line_type, count(cost_amount), count(gross_profit_amount), "
        "sum(gross_profit_amount + cost_amount) from marts.fct_repair_order_lines group by all"
    ).fetchall()
    known = {kind: (costs, profits, revenue) for kind, costs, profits, revenue in lines}
    assert known["labour"] == (0, 0, None)
    assert known["part"][0] == known["part"][1] > 0
    for table in ("fct_repair_orders", "fct_line_margins"):
        [(revenue, costed)] = connection.execute(
            f"select sum(revenue_amount), sum(gross_profit_amount + cost_amount) from marts.{table}"
        ).fetchall()
        assert costed == known["part"][2] < revenue, table
    unknown = connection.execute(
        "select count(*), count(gross_profit_amount), count(cost_amount) "
        "from marts.fct_line_margins where line_type = 'labour'"
    ).fetchall()[0]
    assert unknown[0] > 0 and unknown[1:] == (0, 0)
    for table in ("fct_service_line_month", "fct_revenue_lines", "fct_customer_segments"):
        [(profits,)] = connection.execute(
            f"select count(gross_profit_amount) from marts.{table}"
        ).fetchall()
        assert profits == 0, table


def test_months_without_a_ledger_have_no_cost(company_lacks: tuple[Any, str]) -> None:
    found = company_lacks[0].execute(
        "select count(operating_cost_amount), count(gross_profit_amount), count(revenue_amount), "
        "count(*) from marts.fct_store_month"
    )
    cost, profit, revenue, months = found.fetchall()[0]
    assert (cost, profit) == (0, 0)
    assert revenue == months > 0
    assert _available(company_lacks[0], "contribution", "network")[0] == "unavailable"


def test_a_statement_without_a_ledger_has_no_profit(company_lacks: tuple[Any, str]) -> None:
    found = company_lacks[0].execute(
        "select line_code, count(amount) from marts.fct_pnl_lines where line_code in "
        "('revenue', 'operating_cost', 'contribution', 'operating_profit') group by all"
    )
    known = dict(found.fetchall())
    assert known.pop("revenue") > 0
    assert known == {"operating_cost": 0, "contribution": 0, "operating_profit": 0}


def test_what_is_there_is_untouched(company_lacks: tuple[Any, str]) -> None:
    connection = company_lacks[0]
    assert None not in _values(connection, "revenue")["network"]
    assert Decimal(0) not in _values(connection, "bay_utilisation")[RICH]
    assert _available(connection, "revenue", "network")[0] == "available"
