"""What a rule needs before it may block: a source that has no such thing is no defect."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date

import duckdb

from aftersales.quality.model import RuleResult, Status
from aftersales.sql import identifier, literal

_NEEDS = """
    select rule_id, system, table_name, column_name
    from reference.dq_rule_needs
    where valid_from <= $as_of_on and (valid_to is null or valid_to > $as_of_on)
    order by all
"""


def excuse(
    connection: duckdb.DuckDBPyConnection, as_of_on: date, results: Iterable[RuleResult]
) -> tuple[RuleResult, ...]:
    """Let a rule warn instead of block while nothing it needs has ever been delivered."""
    results = tuple(results)
    failing = {one.rule.rule_id for one in results if one.status is Status.FAIL}
    if not failing:
        return results
    undelivered: dict[str, list[str]] = {}
    for rule_id, *place in connection.execute(_NEEDS, {"as_of_on": as_of_on}).fetchall():
        if rule_id in failing and not _is_delivered(connection, *place):
            undelivered.setdefault(rule_id, []).append(".".join(place))
    return tuple(_excused(one, undelivered.get(one.rule.rule_id, [])) for one in results)


def _is_delivered(
    connection: duckdb.DuckDBPyConnection, system: str, table: str, column: str
) -> bool:
    """Whether any row of a raw table that counts ever had a value in a column."""
    row = connection.execute(
        "select 1 from information_schema.columns where table_schema = 'staging' "
        f"and table_name = {literal(f'stg_{system}__{table}')} "
        f"and column_name = {literal(column)}"
    ).fetchone()
    # A column that the models do not have cannot tell: the rule stays as strict as it is.
    if row is None:
        return True
    place = f"staging.{identifier(f'stg_{system}__{table}')}"
    query = f"select 1 from {place} where {identifier(column)} is not null limit 1"
    return connection.execute(query).fetchone() is not None


def _excused(result: RuleResult, undelivered: list[str]) -> RuleResult:
    if result.status is not Status.FAIL or not undelivered:
        return result
    message = (
        f"{result.message}; it does not block, since no source has ever delivered "
        f"{', '.join(undelivered)}"
    )
    return dataclasses.replace(result, status=Status.WARN, message=message)
