"""The rule sets in use are the readings that the unit tests of the models pin to 69 and 66."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from aftersales.settings import Settings

READINGS = {"requirement": "absolute_in_60_point", "relative_band": "relative_in_80_band"}
UNIT_TESTS = "models/marts/performance/fct_score_items__unit_tests.yml"
Row = dict[str, Any]


def _seed(name: str) -> list[Row]:
    path = Settings().project_dir / "seeds" / "scores" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _pinned(name: str) -> list[Row]:
    path: Path = Settings().project_dir / UNIT_TESTS
    tests = yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]
    test = next(one for one in tests if one["name"] == "eight_readings_of_within_five_per_cent")
    given = next(one for one in test["given"] if one["input"] == f"ref('{name}')")
    rows: list[Row] = given["rows"]
    return rows


def _plain(value: Any) -> Any:
    """A value as seeds and YAML both write it."""
    text = "" if value is None else str(value)
    if text in {"true", "false", "True", "False"}:
        return text.lower()
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _as_pinned(rows: list[Row], rule_set: str, columns: set[str]) -> list[Row]:
    return [
        {name: _plain(row.get(name)) for name in columns if name != "rule_set_code"}
        for row in rows
        if row["rule_set_code"] == rule_set
    ]


@pytest.mark.parametrize("rule_set", READINGS)
@pytest.mark.parametrize("seed", ["score_items", "score_steps"])
def test_a_rule_set_in_use_is_the_reading_that_is_pinned(seed: str, rule_set: str) -> None:
    pinned = _pinned(seed)
    columns = {name for row in pinned for name in row}
    in_use = _as_pinned(_seed(seed), rule_set, columns)
    assert in_use, f"no row of {rule_set} in {seed}"
    assert in_use == _as_pinned(pinned, READINGS[rule_set], columns)


def test_another_reading_is_noticed() -> None:
    pinned = _pinned("score_steps")
    columns = {name for row in pinned for name in row}
    in_use = _as_pinned(_seed("score_steps"), "requirement", columns)
    assert in_use != _as_pinned(pinned, "absolute_in_80_point", columns)


def test_weights_of_a_rule_set_sum_to_a_hundred() -> None:
    totals: dict[str, Decimal] = {}
    for row in _seed("score_items"):
        code = row["rule_set_code"]
        totals[code] = totals.get(code, Decimal(0)) + Decimal(row["weight"])
    assert set(totals) == {row["rule_set_code"] for row in _seed("score_rule_sets")}
    assert set(totals.values()) == {Decimal(100)}


def test_exactly_one_rule_set_is_the_default() -> None:
    assert [row["is_default"] for row in _seed("score_rule_sets")].count("true") == 1
