"""Definition bridges against the records: every order of switching the rules, one by one."""

import io
from decimal import Decimal
from itertools import permutations

import duckdb
import pytest
from rich.console import Console

from aftersales.bridge import ask_bridge, print_bridge
from aftersales.errors import AftersalesError
from aftersales.serving.server import ServerHandle
from aftersales.statement import Ask

from ..support import TOKENS

# Output of a store (opened, list price, with tax, all payers) and what finance books.
SWITCHES = {
    "date_basis": ("business_on", "closed_on"),
    "amount_basis": ("listed_labour + listed_parts", "listed_labour + listed_parts - cut"),
    "tax_basis": ("1.13", "1"),
    "payer_scope": ("true", "pay_type <> 'internal'"),
}


def reading(records: duckdb.DuckDBPyConnection, switched: frozenset[str], month: str) -> float:
    """The number of one subset of switched rules, from the records of the orders."""
    part = {name: sides[name in switched] for name, sides in SWITCHES.items()}
    row = records.execute(
        f"select sum(({part['amount_basis']}) * {part['tax_basis']}) from orders "
        f"where order_status <> 'cancelled' and {part['payer_scope']} "
        f"and strftime({part['date_basis']}, '%Y-%m') = ?",
        [month],
    ).fetchone()
    assert row is not None
    return float(row[0])


def test_a_bar_is_the_mean_over_every_order(
    served: ServerHandle, records: duckdb.DuckDBPyConnection
) -> None:
    bridge = ask_bridge(served.url, TOKENS["hq"], "output_to_booked", Ask("2024-11", "en"))
    orders = list(permutations(SWITCHES))
    expected = {
        rule: sum(
            reading(records, frozenset(order[: order.index(rule) + 1]), "2024-11")
            - reading(records, frozenset(order[: order.index(rule)]), "2024-11")
            for order in orders
        )
        / len(orders)
        for rule in SWITCHES
    }
    bars = [float(str(step["bridge_step_value"])) for step in bridge.rules]
    assert bars == pytest.approx(list(expected.values()), abs=0.001)
    values = [Decimal(str(step["bridge_step_value"])) for step in bridge.steps]
    assert values[0] + sum(values[1:-1]) == values[-1]
    assert float(values[0]) == pytest.approx(reading(records, frozenset(), "2024-11"))


def test_the_finding_comes_first(served: ServerHandle) -> None:
    asked = Ask("2024-12", "zh", store="S001")
    output = io.StringIO()
    bridge = ask_bridge(served.url, TOKENS["hq"], "output_growth_to_booked", asked)
    print_bridge(Console(file=output, width=160), bridge, asked)
    text = output.getvalue()
    assert text.startswith("S001 2024-12 店长产值环比到财务收入环比：车间产值")
    assert "个百分点" in text and " 元" not in text


@pytest.mark.parametrize(
    ("code", "asked", "complaint"),
    [
        ("outputs_to_booked", Ask("2024-11"), "did you mean output_to_booked"),
        ("output_to_booked", Ask("2031-01"), "the month must be over"),
        ("output_to_booked", Ask("2024-11", store="S099"), "There is no bridge output_to_booked"),
    ],
)
def test_what_is_not_there_is_said(
    served: ServerHandle, code: str, asked: Ask, complaint: str
) -> None:
    with pytest.raises(AftersalesError, match=complaint):
        ask_bridge(served.url, TOKENS["hq"], code, asked)
