"""What a part of the store day needs to be known agrees with where it comes from."""

import csv
import re
from pathlib import Path

import pytest

from aftersales.metrics.bindings import (
    COLUMNS_FILE,
    bindings,
    render_columns,
    store_columns,
)
from aftersales.metrics.lineage import read_lineage
from aftersales.metrics.model import Model
from aftersales.settings import Settings

PROJECT = Settings().project_dir
NEEDS = PROJECT / "seeds" / "metrics" / "part_needs.csv"
MACRO = PROJECT / "macros" / "quality" / "needed_columns.sql"


@pytest.fixture(scope="module")
def needs() -> list[dict[str, str]]:
    with NEEDS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_of_metrics_are_generated_from_the_formulas_as_they_are(model: Model) -> None:
    written = (PROJECT / COLUMNS_FILE).read_text(encoding="utf-8")
    assert written == render_columns(store_columns(model)), "run aftersales.metrics.bindings"


def test_every_need_is_where_the_part_comes_from(needs: list[dict[str, str]]) -> None:
    origins: dict[str, set[str]] = {}
    for column, origin in read_lineage(PROJECT).items():
        table, _, name = column.partition(".")
        if table in {"fct_store_day", "fct_store_month"}:
            origins.setdefault(name, set()).update(one.rpartition(".")[0] for one in origin.raw)
    # Both sides of a ratio stand under one need: available time needs what is measured against it.
    measured = {"bay_available_minutes", "technician_hours_sold", "bay_day_count"}
    known = [row for row in needs if row["part_name"] in origins]
    assert len(known) > 50
    for row in known:
        table = f"{row['system']}.{row['table_name']}"
        assert row["part_name"] in measured or table in origins[row["part_name"]], row


def test_the_columns_that_are_counted_are_those_that_are_needed(
    needs: list[dict[str, str]],
) -> None:
    text = MACRO.read_text(encoding="utf-8")
    counted = {
        (system, table, column)
        for system, table, columns in re.findall(
            r"'system': '(\w+)',\s*'name': '(\w+)',\s*'columns': \[([^\]]*)\]", text
        )
        for column in re.findall(r"'(\w+)'", columns)
    }
    assert counted == {
        (row["system"], row["table_name"], row["column_name"])
        for row in needs
        if row["column_name"]
    }


def test_every_part_named_is_a_column_of_the_store_day_or_month(
    needs: list[dict[str, str]],
) -> None:
    text = "".join(
        Path(PROJECT / "macros" / "metrics" / name).read_text(encoding="utf-8")
        for name in ("store_day_sums.sql", "store_month_costs.sql")
    )
    assert {row["part_name"] for row in needs} <= set(re.findall(r"'(\w+)'", text))


def test_ratios_of_two_sources_are_paired(model: Model, needs: list[dict[str, str]]) -> None:
    """A ratio whose sides need different sources of a store is one of paired_sums, and no other."""
    needed: dict[str, set[tuple[str, str, str]]] = {}
    for row in needs:
        if row["need_scope"] == "store":
            source = (row["system"], row["table_name"], row["column_name"])
            needed.setdefault(row["part_name"], set()).add(source)

    def sources(expression: str) -> set[tuple[str, str, str]]:
        parts = re.findall(r"[a-z_]+", expression)
        return {source for part in parts for source in needed.get(part, set())}

    mixed = {
        one.code
        for one in bindings(model)
        if one.denominator and sources(one.numerator) != sources(one.denominator)
    }
    text = (PROJECT / "macros" / "metrics" / "paired_sums.sql").read_text(encoding="utf-8")
    paired = set(re.findall(r"'metrics': \['(\w+)'\]", text))
    # What says how much is known divides by everything.
    assert paired == mixed - {"cost_known_share"}
