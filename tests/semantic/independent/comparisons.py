"""Change, trend, rank, spread and benchmark gap of every month, beside what the API answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from aftersales.metrics.bindings import Binding

from .compare import Question, Server, asked, differences
from .comparison_measures import (
    GAPS,
    HEALTH_ITEMS,
    HEALTHS,
    PLACES,
    RANKS,
    SCOPES,
    SEEN,
    SPREADS,
    TRENDS,
)
from .landed import SEEDS
from .measures import MEASURES
from .results import Result
from .sums import Groups, joined, totals_sql

LIBRARY = MEASURES["store_performance"]


@dataclass(frozen=True)
class Comparison:
    """A view of comparisons: its measures in columns of a relation, and what it is asked by."""

    relation: str
    measures: dict[str, str]
    keys: Sequence[str]
    conditions: dict[str, str] = field(default_factory=dict)


COMPARISONS = {
    "metric_trends": Comparison(
        "trends", TRENDS, ["metric_code", "scope_kind", "scope_key"], {"period_kind": "month"}
    ),
    "store_ranking": Comparison(
        "rankings", RANKS, ["metric_code", "store_key"], {"period_kind": "month"}
    ),
    "metric_dispersion": Comparison(
        "spreads", SPREADS, ["metric_code", "scope_kind", "scope_key"],
        {"period_kind": "month", "group_kind": "all"},
    ),
    "benchmark_gaps": Comparison("gaps", GAPS, ["benchmark_code", "scope_kind", "scope_key"]),
    "health_score_items": Comparison(
        "health_items", HEALTH_ITEMS, ["rule_set_code", "item_code", "scope_kind", "scope_key"]
    ),
    "health_scores": Comparison(
        "healths", HEALTHS, ["rule_set_code", "part_code", "scope_kind", "scope_key"]
    ),
}  # fmt: skip


def add_comparisons(connection: duckdb.DuckDBPyConnection, metrics: Sequence[Binding]) -> None:
    """Make the relations of comparisons.sql for every month that is over."""
    connection.execute(SEEN)
    connection.execute(PLACES)
    kinds = ", ".join(
        f"('{one.code}', '{one.direction}', {one.denominator is not None}, "
        f"{100 if one.unit == 'ratio' else 1}, {one.maturity_days})"
        for one in metrics
    )
    connection.execute(f"""
        create table metric_kinds as
        select kinds.*, good_from, good_to
        from (values {kinds})
            as kinds (metric_code, direction, is_ratio, points_factor, maturity_days)
        left join read_csv('{SEEDS / "metrics" / "metric_bands.csv"}') as bands
            on
                bands.metric_code = kinds.metric_code
                and bands.good_from is not null
                and bands.good_to is not null
                and bands.valid_to is null
    """)
    connection.execute("""
        create table metric_values (
            metric_code varchar, scope_kind varchar, scope_key varchar, start_on date, value double
        )
    """)
    for scope_kind, scope in {**SCOPES, "peer": _peer_of(connection)}.items():
        _add_values(connection, [one.code for one in metrics], scope_kind, scope)
    connection.execute("set variable scores = ?", [str(SEEDS / "scores")])
    for name in ("month_comparisons", "comparisons", "health"):
        connection.execute(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
    connection.execute(f"""
        create view gaps as
        select seen.*, yardsticks.benchmark_code, yardsticks.benchmark_value as yardstick
        from read_csv('{SEEDS / "benchmarks" / "benchmarks.csv"}') as yardsticks
        inner join seen using (metric_code)
        where seen.scope_kind <> 'peer'
    """)


def _peer_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The peers of a store as an expression."""
    rows = connection.execute("select store_key, peer_group from peers").fetchall()
    cases = " ".join(f"when '{store}' then '{peers}'" for store, peers in rows)
    return f"case store_key {cases} end"


def _add_values(
    connection: duckdb.DuckDBPyConnection, codes: Sequence[str], scope_kind: str, scope: str
) -> None:
    formulas = {code: f"cast({LIBRARY[code]} as double)" for code in codes}
    group = joined([scope, "cast(date_trunc('month', day_on) as date)"])
    connection.execute(f"""
        insert into metric_values
        select
            metric_code, '{scope_kind}', split_part(grouped, '|', 1),
            cast(split_part(grouped, '|', 2) as date), value
        from (
            unpivot ({totals_sql(connection, formulas, group)})
            on columns(* exclude (grouped))
            into name metric_code value value
        )
    """)


def verify_comparisons(
    server: Server, connection: duckdb.DuckDBPyConnection, view: str
) -> Iterator[Result]:
    """Compare a view of comparisons, month by month, in each scope."""
    comparison = COMPARISONS[view]
    names = list(comparison.measures)
    months = connection.execute(
        "select distinct start_on, last_day(start_on) from seen order by 1"
    ).fetchall()
    values, found = 0, []
    for first_on, last_on in months:
        days = (str(first_on), str(last_on))
        shown = asked(server, Question(
            view, names, comparison.keys, "business_on", "month", days, comparison.conditions
        ))  # fmt: skip
        expected = _expected(connection, comparison, str(first_on))
        values += len(names) * len(shown.keys() | expected.keys())
        found += differences(shown, expected, names, is_strict=True)
    yield Result(view, "by month", names, values, found)


def _expected(
    connection: duckdb.DuckDBPyConnection, comparison: Comparison, start_on: str
) -> Groups:
    rows = connection.execute(
        f"""
        select {joined([*comparison.keys, "start_on"])}, {", ".join(comparison.measures.values())}
        from {comparison.relation}
        where
            period_kind = 'month' and start_on = ?
            {"and scope_kind <> 'peer'" if "scope_kind" in comparison.keys else ""}
        """,
        [start_on],
    ).fetchall()
    return {
        row[0]: {
            name: None if value is None else float(value)
            for name, value in zip(comparison.measures, row[1:], strict=True)
        }
        for row in rows
    }
