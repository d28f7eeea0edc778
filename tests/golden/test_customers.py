"""Customers by class, warnings, worth, and service lines."""

from decimal import Decimal

import duckdb
import pytest

from aftersales.serving.server import ServerHandle
from golden import plants
from golden.cases import prove
from golden.support import Row, one, percent, rows


@pytest.fixture(scope="module")
def classes(served: ServerHandle) -> dict[str | None, Row]:
    names = ["by_segment", "segment_customers", "customer_share", "customer_revenue_share"]
    found = rows(served, "customer_segments", names, segment_kind="value_class")
    return {row["segment"]: row for row in found}


def test_48000_customers_by_class(served: ServerHandle, classes: dict[str | None, Row]) -> None:
    known = {name: row for name, row in classes.items() if name}
    assert {name: int(row["segment_customers"]) for name, row in known.items()} == {
        "high_value": 4800,
        "active": 19200,
        "dormant": 9600,
        "lost": 14400,
    }
    assert {name: round(row["customer_revenue_share"], 4) for name, row in known.items()} == {
        "high_value": Decimal("0.58"),
        "active": Decimal("0.35"),
        "dormant": Decimal("0.07"),
        "lost": 0,
    }
    whole = one(served, "customer_value", ["known_customers", "wake_up_target"])
    prove("S3-CRM", stated=48000, found=whole["known_customers"])
    prove("S3-WAKE", stated=None, found=whole["wake_up_target"])


def test_23_warned_customers(served: ServerHandle) -> None:
    found = one(served, "churn_warnings", ["warned_customers", "expected_recoveries"])
    assert found["warned_customers"] == 23
    prove("S3-AL1", stated=None, found=found["expected_recoveries"])


def test_nps_by_visits_is_pooled(served: ServerHandle) -> None:
    found = rows(
        served,
        "customer_segments",
        ["by_segment", "segment_customers", "nps"],
        segment_kind="visit_class",
        store_key=plants.ANSWER_STORE,
    )
    by_class = {row["segment"]: (row["segment_customers"], row["nps"]) for row in found}
    by_class.pop(None)
    assert by_class == {
        "first": (3500, 58),
        "repeat_1_2": (4000, 68),
        "repeat_3_plus": (2500, 78),
    }
    whole = one(
        served,
        "customer_segments",
        ["nps"],
        segment_kind="visit_class",
        store_key=plants.ANSWER_STORE,
    )
    prove("S4-CUST", stated=65, found=whole["nps"])


def test_the_worth_of_a_customer_is_that_of_a_year(
    served: ServerHandle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    # Ticket x visits a year: 800 x 2.5, and 1,000 x 3 by an interval of 121.67 days.
    worths = warehouse.execute(
        "select yearly_worth_amount from marts.fct_customer_value where store_key = ? order by 1",
        [plants.WORTH_STORE],
    ).fetchall()
    yearly = [worth for (worth,) in worths]
    assert yearly == [2000, Decimal("2999.92")]
    mean = one(
        served, "customer_value", ["yearly_worth_per_customer"], store_key=plants.WORTH_STORE
    )
    assert mean["yearly_worth_per_customer"] == sum(yearly) / 2
    # The requirements speak of five years, without discount.
    prove("S4-LTV", stated=[10000, 15000], found=[5 * worth for worth in yearly])


def test_lines_earn_41_per_cent_and_not_38(served: ServerHandle) -> None:
    names = ["by_service_line", "service_line_revenue_share", "gross_margin", "nps"]
    found = rows(served, "business_lines", names, plants.OCTOBER, store_key=plants.LINES_STORE)
    lines = {
        row["service_line"]: [
            percent(row["service_line_revenue_share"]), percent(row["gross_margin"]), row["nps"]
        ]
        for row in found
        if row["service_line"] in plants.LINES
    }  # fmt: skip
    assert lines == {
        line: [pytest.approx(Decimal(figure)) for figure in figures]
        for line, figures in plants.LINES.items()
    }
    whole = one(
        served,
        "business_lines",
        ["gross_margin", "nps"],
        plants.OCTOBER,
        store_key=plants.LINES_STORE,
    )
    prove("S4-BIZGM", stated=38, found=percent(whole["gross_margin"]))
    # Here answers come in the shares of revenue; with other answers it is another figure.
    prove("S4-BIZNPS", stated=65, found=whole["nps"])
