"""The statement and the cost drivers, line by line and cost by cost, and what prints them."""

import io
from collections.abc import Sequence
from decimal import Decimal

import duckdb
import pytest
from rich.console import Console

from aftersales.errors import AftersalesError
from aftersales.serving.client import query
from aftersales.serving.server import ServerHandle
from aftersales.statement import Ask, ask_statement, print_statement

from ..support import TOKENS
from .compare import as_number, as_text, differences
from .statement_measures import STATEMENT_MEASURES, STATEMENT_SUMS

CENT = 0.011


def answers(
    served: ServerHandle, view: str, dimensions: Sequence[str], is_monthly: bool = True
) -> dict[str, dict[str, float | None]]:
    """Every measure of a view by several dimensions and by month, under one joined key."""
    names = list(STATEMENT_MEASURES[view])
    time = f"{view}.business_on"
    rows = query(
        served.url,
        TOKENS["engineer"],
        {
            "measures": [f"{view}.{name}" for name in names],
            "dimensions": [f"{view}.{name}" for name in dimensions],
            "timeDimensions": [{"dimension": time, "granularity": "month"}] if is_monthly else [],
            "limit": 50000,
        },
    ).rows
    keys = [f"{view}.{name}" for name in dimensions] + ([f"{time}.month"] if is_monthly else [])
    return {
        "/".join(as_text(row[key]) for key in keys): {
            name: as_number(row[f"{view}.{name}"]) for name in names
        }
        for row in rows
    }


def expected(
    records: duckdb.DuckDBPyConnection, view: str, relation: str, keys: Sequence[str]
) -> dict[str, dict[str, float | None]]:
    """The same from the records."""
    sums = ", ".join(f"{formula} as {name}" for name, formula in STATEMENT_SUMS[relation].items())
    formulas = ", ".join(
        formula.replace(f"[{relation}.", "[").replace("[", "").replace("]", "")
        for formula in STATEMENT_MEASURES[view].values()
    )
    key = " || '/' || ".join(f"cast({name} as varchar)" for name in keys)
    rows = records.execute(
        f"with sums as (select {key} as grouped, {sums} from {relation} group by all) "
        f"select grouped, {formulas} from sums"
    ).fetchall()
    return {
        row[0]: {
            name: None if value is None else float(value)
            for name, value in zip(STATEMENT_MEASURES[view], row[1:], strict=True)
        }
        for row in rows
    }


def test_every_line_of_every_store_and_month(
    served: ServerHandle, records: duckdb.DuckDBPyConnection
) -> None:
    names = list(STATEMENT_MEASURES["profit_and_loss"])
    shown = answers(served, "profit_and_loss", ["store_key", "line_code"])
    known = expected(records, "profit_and_loss", "pnl", ["store_key", "line_code", "business_on"])
    assert len(shown) == 2 * 3 * 47
    assert differences(shown, known, names) == []
    by_line = answers(served, "profit_and_loss", ["line_code"], is_monthly=False)
    assert (
        differences(by_line, expected(records, "profit_and_loss", "pnl", ["line_code"]), names)
        == []
    )
    assert by_line["contribution"]["pnl_amount"]


def test_every_cost_of_every_scope(
    served: ServerHandle, records: duckdb.DuckDBPyConnection
) -> None:
    keys = ["scope_kind", "scope_key", "comparison", "cost_code"]
    shown = answers(served, "cost_drivers", keys)
    known = expected(records, "cost_drivers", "cost_changes", [*keys, "business_on"])
    assert len(shown) == (2 + 1 + 1) * 2 * 13 * 3
    assert differences(shown, known, list(STATEMENT_MEASURES["cost_drivers"])) == []


def test_the_mix_is_what_dear_stores_gained(records: duckdb.DuckDBPyConnection) -> None:
    """The mix that is left over equals the formula of the mix, but for rounded parts."""
    wrong = records.execute(
        """
        with stores as (
            select *, base / base_units as price_before
            from cost_changes where scope_kind = 'store' and base is not null and base_units > 0
        ),

        formulas as (
            select business_on, comparison, cost_code,
                sum(price_before * units) - sum(base) / sum(base_units) * sum(units) as mix
            from stores group by all
        )

        select cost_code, formulas.mix, amount - base - price - volume as rest
        from cost_changes
        inner join formulas using (business_on, comparison, cost_code)
        where scope_kind = 'network' and abs(rest - formulas.mix) > ? * 3
        """,
        [CENT],
    ).fetchall()
    assert wrong == []


@pytest.mark.parametrize("dimension", ["store_key", "region_name", "year_month"])
def test_the_statement_agrees_with_store_profit(served: ServerHandle, dimension: str) -> None:
    def ask(view: str, measures: list[str], line: str | None) -> dict[str, list[Decimal | None]]:
        conditions = (
            [{"member": f"{view}.line_code", "operator": "equals", "values": [line]}]
            if line
            else []
        )
        rows = query(
            served.url,
            TOKENS["hq"],
            {
                "measures": [f"{view}.{name}" for name in measures],
                "dimensions": [f"{view}.{dimension}"],
                "filters": conditions,
            },
        ).rows
        return {
            str(row[f"{view}.{dimension}"]): [row[f"{view}.{name}"] for name in measures]  # type: ignore[misc]
            for row in rows
        }

    measures = {
        "revenue": "revenue",
        "gross_profit": "gross_profit",
        "operating_cost": "operating_cost",
        "fixed_cost": "fixed_cost",
        "contribution": "contribution",
    }
    for measure, line in measures.items():
        known = ask("store_profit", [measure], None)
        assert known
        assert ask("profit_and_loss", ["pnl_amount"], line) == known, measure


def printed(served: ServerHandle, asked: Ask) -> str:
    output = io.StringIO()
    statement = ask_statement(served.url, TOKENS["hq"], asked)
    print_statement(Console(file=output, width=160), statement, asked)
    return output.getvalue()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Ask("2024-12", "zh"), "全网 2024-12：赚钱。经营贡献"),
        (Ask("2024-12", "en", store="S002"), "S002 2024-12: we make money. Contribution"),
        (Ask("2024-12", "en", region="华北"), "华北 2024-12: we make money. Contribution"),
    ],
)
def test_the_answer_comes_first(served: ServerHandle, asked: Ask, answer: str) -> None:
    text = printed(served, asked)
    assert text.startswith(answer)
    assert ("成本驱动因素" if asked.lang == "zh" else "Cost driver") in text
    assert "1. " in text and "5. " in text and "6. " not in text


def test_a_store_nobody_knows_has_no_statement(served: ServerHandle) -> None:
    with pytest.raises(AftersalesError, match="There is no statement of S099 in 2024-12"):
        ask_statement(served.url, TOKENS["hq"], Ask("2024-12", store="S099"))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"period": "2025-13"}, "is not a month"),
        ({"period": "2025-10", "lang": "fr"}, "choose --lang zh or en"),
        ({"period": "2025-10", "store": "S001", "region": "华北"}, "not both"),
    ],
)
def test_what_cannot_be_asked_is_refused(words: dict[str, str], complaint: str) -> None:
    with pytest.raises(AftersalesError, match=complaint):
        Ask(**words)
