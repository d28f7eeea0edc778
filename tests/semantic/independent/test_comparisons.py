"""Change, trend, rank, spread and benchmark gap of every metric, against records read by hand."""

import csv
import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from aftersales.metrics.bindings import Binding, bindings
from aftersales.metrics.model import Model
from aftersales.serving.client import query
from aftersales.serving.server import ServerHandle
from aftersales.settings import Settings

from ..support import TOKENS
from .comparison_measures import GAPS, PLACES, RANKS, SCOPES, SEEN, SPREADS, TRENDS
from .measures import MEASURES
from .sums import totals

COMPARISONS_SQL = Path(__file__).with_name("comparisons.sql")
SEEDS = Settings().project_dir / "seeds"
FIRST_ON, AS_OF = date(2024, 11, 1), date(2025, 1, 31)
STARTS = {
    "day": "day_on",
    "week": "date_trunc('week', day_on)",
    "month": "date_trunc('month', day_on)",
    "quarter": "date_trunc('quarter', day_on)",
}
MONTHS = [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1)]
# The week that still runs is compared with the first five days of the week before.
RUNNING_WEEK, ELAPSED_DAYS = date(2025, 1, 27), 5
Key = tuple[str, ...]
Rows = dict[Key, dict[str, float | None]]


def first_and_last(kind: str, start_on: date) -> tuple[date, date]:
    """Give the first and the last day of a period by its kind and the day it stands on."""
    if kind == "day":
        return start_on, start_on
    if kind == "week":
        return start_on, start_on + timedelta(days=6)
    months = 3 if kind == "quarter" else 1
    index = start_on.year * 12 + start_on.month - 1 + months
    last_on = date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
    return (date(start_on.year, 1, 1) if kind == "year_to_date" else start_on), last_on


def start_before(kind: str, start_on: date) -> date | None:
    """Give the first day of the period before."""
    if kind == "year_to_date":
        return None
    if kind in ("day", "week"):
        return start_on - timedelta(days=1 if kind == "day" else 7)
    index = start_on.year * 12 + start_on.month - 1 - (3 if kind == "quarter" else 1)
    return date(index // 12, index % 12 + 1, 1)


def read_bands() -> dict[str, tuple[float, float]]:
    """Read the bands of metrics that have one on both sides."""
    with (SEEDS / "metrics" / "metric_bands.csv").open(encoding="utf-8") as file:
        return {
            row["metric_code"]: (float(row["good_from"]), float(row["good_to"]))
            for row in csv.DictReader(file)
            if row["good_from"] and row["good_to"]
        }


class Reader:
    """Values of the library's metrics by scope and period, read from landed records."""

    def __init__(self, records: duckdb.DuckDBPyConnection, metrics: list[Binding]) -> None:
        self.records = records
        self.metrics = {one.code: one for one in metrics}
        self.formulas = {one.code: MEASURES["store_performance"][one.code] for one in metrics}
        found = records.execute("select day_on from calendar where is_workday").fetchall()
        self.days = [row[0] for row in found]
        self.values: dict[tuple[str, str, str, date], dict[str, float | None]] = {}
        self.parts: dict[tuple[str, str], dict[str, float | None]] = {}

    def read(self) -> None:
        """Read whole periods, and the part of one that the running week is compared with."""
        for scope_kind, scope in SCOPES.items():
            for kind, start in STARTS.items():
                group = f"{scope} || '|' || cast(cast({start} as date) as varchar)"
                for text, found in totals(self.records, self.formulas, group).items():
                    scope_key, start_on = text.split("|")
                    key = (scope_kind, scope_key, kind, date.fromisoformat(start_on))
                    self.values[key] = found
            for month in MONTHS:
                first_on, last_on = first_and_last("year_to_date", month)
                where = f"day_on between '{first_on}' and '{last_on}'"
                for scope_key, found in totals(self.records, self.formulas, scope, where).items():
                    self.values[scope_kind, scope_key, "year_to_date", month] = found
            before = RUNNING_WEEK - timedelta(days=7)
            where = f"day_on between '{before}' and '{before + timedelta(days=ELAPSED_DAYS - 1)}'"
            for scope_key, found in totals(self.records, self.formulas, scope, where).items():
                self.parts[scope_kind, scope_key] = found

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Give the rows of the table `seen`."""
        bands = read_bands()
        grid = sorted({(kind, start_on) for _, _, kind, start_on in self.values})
        scopes = sorted({(kind, key) for kind, key, _, _ in self.values})
        for scope_kind, scope_key in scopes:
            for kind, start_on in grid:
                first_on, last_on = first_and_last(kind, start_on)
                before = start_before(kind, start_on)
                elapsed = (min(last_on, AS_OF) - start_on).days
                for code, metric in self.metrics.items():
                    base: float | None = None
                    base_days: int | None = None
                    if before is not None and first_and_last(kind, before)[0] >= FIRST_ON:
                        base_last = first_and_last(kind, before)[1]
                        if last_on > AS_OF:
                            base = self.of(code, self.parts.get((scope_kind, scope_key)))
                            base_last = min(base_last, before + timedelta(days=elapsed))
                        else:
                            base = self.of(
                                code, self.values.get((scope_kind, scope_key, kind, before))
                            )
                        base_days = self.workdays(before, base_last)
                    yield (
                        code, scope_kind, scope_key, kind, start_on,
                        self.of(code, self.values.get((scope_kind, scope_key, kind, start_on))),
                        base, None, last_on <= AS_OF, first_on >= FIRST_ON,
                        bool(metric.maturity_days) and last_on > AS_OF - timedelta(days=30),
                        self.workdays(first_on, min(last_on, AS_OF)), base_days, None,
                        metric.direction, metric.denominator is not None,
                        100 if metric.unit == "ratio" else 1, *bands.get(code, (None, None)),
                    )  # fmt: skip

    def of(self, code: str, found: dict[str, float | None] | None) -> float | None:
        """Give a value; without any event a sum is zero and a ratio nothing."""
        if found is None:
            return 0.0 if self.metrics[code].denominator is None else None
        return found[code]

    def workdays(self, first_on: date, last_on: date) -> int:
        """Count the workdays of some days."""
        return sum(1 for day in self.days if first_on <= day <= last_on)


@pytest.fixture(scope="module")
def compared(
    records: duckdb.DuckDBPyConnection, model: Model
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The relations of comparisons.sql beside those of records.sql, while they are used."""
    reader = Reader(records, bindings(model))
    reader.read()
    records.execute("begin")
    records.execute(SEEN)
    records.execute(PLACES)
    rows = list(reader.rows())
    for first in range(0, len(rows), 2000):
        batch = rows[first : first + 2000]
        marks = ", ".join(["(" + ", ".join("?" * len(batch[0])) + ")"] * len(batch))
        records.execute(f"insert into seen values {marks}", [x for row in batch for x in row])
    records.execute(COMPARISONS_SQL.read_text(encoding="utf-8"))
    yield records
    records.execute("rollback")


def shown_by_api(
    served: ServerHandle,
    view: str,
    names: list[str],
    keys: list[str],
    kind: str | None,
    granularity: str = "day",
) -> Rows:
    """Ask measures of a view by some dimensions and the first day of the period."""
    question = {
        "measures": [f"{view}.{name}" for name in names],
        "dimensions": [f"{view}.{key}" for key in keys],
        "timeDimensions": [{"dimension": f"{view}.business_on", "granularity": granularity}],
        "filters": [
            {"member": f"{view}.period_kind", "operator": "equals", "values": [kind]}
        ] if kind else [],
        "limit": 50000,
    }  # fmt: skip
    return {
        (
            *(str(row[f"{view}.{key}"]) for key in keys),
            str(row[f"{view}.business_on.{granularity}"])[:10],
        ): {
            name: None if row[f"{view}.{name}"] is None else float(row[f"{view}.{name}"] or 0)
            for name in names
        }
        for row in query(served.url, TOKENS["engineer"], question).rows
    }


def expected_rows(
    compared: duckdb.DuckDBPyConnection,
    relation: str,
    formulas: dict[str, str],
    keys: list[str],
    where: str,
) -> Rows:
    """Compute the same from a relation of comparisons.sql."""
    cursor = compared.execute(
        f"select {', '.join(keys)}, cast(start_on as varchar), {', '.join(formulas.values())} "
        f"from {relation} where {where}"
    )
    size = len(keys) + 1
    return {
        tuple(str(part) for part in row[:size]): {
            name: None if value is None else float(value)
            for name, value in zip(formulas, row[size:], strict=True)
        }
        for row in cursor.fetchall()
    }


def differences(shown: Rows, expected: Rows) -> list[str]:
    """Tell every value that is not the same; slopes are kept to six places."""
    found = [f"{key}: only one side has it" for key in shown.keys() ^ expected.keys()]
    for key in shown.keys() & expected.keys():
        for name, value in expected[key].items():
            other = shown[key][name]
            if value is None or other is None:
                same = value is None and other is None
            else:
                same = math.isclose(other, value, rel_tol=1e-9, abs_tol=2e-6)
            if not same:
                found.append(f"{name} of {key}: API {other}, records {value}")
    return found


@pytest.mark.parametrize("kind", [*STARTS, "year_to_date"])
def test_trends_equal_the_records(
    served: ServerHandle, compared: duckdb.DuckDBPyConnection, kind: str
) -> None:
    keys = ["metric_code", "scope_kind", "scope_key"]
    shown = shown_by_api(served, "metric_trends", list(TRENDS), keys, kind)
    expected = expected_rows(compared, "trends", TRENDS, keys, f"period_kind = '{kind}'")
    assert expected
    assert differences(shown, expected)[:20] == []


@pytest.mark.parametrize("kind", ["month", "quarter", "year_to_date"])
def test_ranks_equal_the_records(
    served: ServerHandle, compared: duckdb.DuckDBPyConnection, kind: str
) -> None:
    keys = ["metric_code", "store_key"]
    shown = shown_by_api(served, "store_ranking", list(RANKS), keys, kind)
    expected = expected_rows(compared, "rankings", RANKS, keys, f"period_kind = '{kind}'")
    known = {key: row for key, row in shown.items() if key in expected}
    assert known or kind == "quarter"
    assert differences(known, expected)[:20] == []


@pytest.mark.parametrize("scope_kind", ["region", "network"])
def test_spreads_equal_the_records(
    served: ServerHandle, compared: duckdb.DuckDBPyConnection, scope_kind: str
) -> None:
    keys = ["metric_code", "scope_kind", "group_kind"]
    shown = shown_by_api(served, "metric_dispersion", list(SPREADS), keys, "month")
    own = {key[:1] + key[3:]: row for key, row in shown.items() if key[1:3] == (scope_kind, "all")}
    where = f"period_kind = 'month' and scope_kind = '{scope_kind}'"
    expected = expected_rows(compared, "spreads", SPREADS, ["metric_code"], where)
    assert expected
    assert differences(own, expected)[:20] == []


def test_benchmark_gaps_equal_the_records(
    served: ServerHandle, compared: duckdb.DuckDBPyConnection
) -> None:
    with (SEEDS / "benchmarks" / "benchmarks.csv").open(encoding="utf-8") as file:
        benchmarks = [
            (row["benchmark_code"], row["metric_code"], float(row["benchmark_value"]))
            for row in csv.DictReader(file)
        ]
    compared.execute("create table yardsticks (code varchar, metric varchar, yardstick double)")
    compared.executemany("insert into yardsticks values (?, ?, ?)", benchmarks)
    shown = shown_by_api(
        served,
        "benchmark_gaps",
        list(GAPS),
        ["benchmark_code", "scope_kind", "scope_key"],
        None,
        "month",
    )
    expected = expected_rows(
        compared,
        "yardsticks inner join seen on metric = metric_code",
        GAPS,
        ["code", "scope_kind", "scope_key"],
        "period_kind = 'month'",
    )
    assert expected
    assert differences(shown, expected)[:20] == []


def test_every_measure_of_a_comparison_is_recomputed(model: Model) -> None:
    recomputed = {
        "metric_trends": set(TRENDS),
        "store_ranking": set(RANKS),
        "metric_dispersion": set(SPREADS),
        "benchmark_gaps": set(GAPS),
    }
    for view, names in recomputed.items():
        assert {m.name for m in model.view_members(view) if m.kind == "measures"} == names


def test_the_comparison_notices_a_difference() -> None:
    expected: Rows = {("nps", "S001", "2025-01-01"): {"change": -3.0}}
    assert differences({("nps", "S001", "2025-01-01"): {"change": -2.9}}, expected)
    assert differences({("nps", "S001", "2025-01-01"): {"change": None}}, expected)
    assert differences({}, expected)
    assert differences({("nps", "S001", "2025-01-01"): {"change": -3.0}}, expected) == []
