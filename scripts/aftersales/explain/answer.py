"""Asks the published version; every figure comes out of SQL that shares the marts' macros."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from aftersales.errors import AftersalesError
from aftersales.explain.macros import render
from aftersales.explain.question import Question

Row = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The value on both sides and what moved it."""

    question: Question
    whole: Row
    # Members by dimension, in the order the dimensions are read.
    dimensions: dict[str, list[Row]]
    tree: list[Row]
    actions: dict[str, tuple[str, str]]

    @property
    def leaves(self) -> list[Row]:
        """Ends of the tree, the one that moved the metric most first."""
        ends = [node for node in self.tree if node["is_leaf"] and node["level_number"] > 0]
        return sorted(ends, key=lambda node: (-abs(node["contribution"]), node["node_path"]))


def answer(
    connection: duckdb.DuckDBPyConnection,
    project_dir: Path,
    question: Question,
    dimensions: list[str] | None = None,
) -> Answer:
    """Ask for the change, its members by dimension and its tree."""
    found = _rows(connection, project_dir, "whole.sql", question)
    if not found or found[0]["base_value"] is None or found[0]["current_value"] is None:
        raise AftersalesError(
            f"{question.metric.code} has no value on both sides ({question.now.period.text} and "
            f"{question.base.period.text}): choose another --period or --against."
        )
    by_dimension: dict[str, list[Row]] = {}
    for row in _rows(connection, project_dir, "members.sql", question):
        by_dimension.setdefault(row["dimension_code"], []).append(row)
    if dimensions:
        unknown = [code for code in dimensions if code not in by_dimension]
        if unknown:
            raise AftersalesError(
                f"{question.metric.code} cannot be broken down by {unknown[0]} here: "
                f"{_offered(by_dimension)}."
            )
        by_dimension = {code: by_dimension[code] for code in dimensions}
    actions = connection.execute(
        "select finding_code, action_zh, action_en from reference.finding_actions "
        "where valid_to is null"
    ).fetchall()
    return Answer(
        question=question,
        whole=found[0],
        dimensions=by_dimension,
        tree=_rows(connection, project_dir, "tree.sql", question),
        actions={code: (zh, en) for code, zh, en in actions},
    )


def _offered(by_dimension: dict[str, list[Row]]) -> str:
    if not by_dimension:
        return "members are kept by month, so ask for a month such as --period 2025-10"
    return "choose --by " + ", ".join(by_dimension)


def _rows(
    connection: duckdb.DuckDBPyConnection, project_dir: Path, template: str, question: Question
) -> list[Row]:
    sql = render(
        project_dir,
        template,
        metric=question.metric.code,
        now=question.now,
        base=question.base,
        against=question.against,
        is_mean_store=question.is_mean_store,
        is_within_store=question.is_within_store,
        places=question.places,
    )
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def as_of(connection: duckdb.DuckDBPyConnection) -> date:
    """The day the version stands for."""
    found = connection.execute("select as_of_on from landing.run_context").fetchone()
    if found is None:
        raise AftersalesError("The published version names no day: build and publish it again.")
    day: date = found[0]
    return day


def number(value: Decimal | float | None) -> float | None:
    """A figure of SQL for printing."""
    return None if value is None else float(value)
