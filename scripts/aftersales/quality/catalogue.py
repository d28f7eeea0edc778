"""Reads the rule catalogue of a candidate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb

from aftersales.quality.model import AuditError, Rule

ROW, SET, STRUCTURE = "row", "set", "structure"

_QUERY = """
    select
        rule_id,
        rule_kind,
        table_name,
        severity,
        cast(warning_ratio as decimal(9, 6)) as warning_ratio,
        cast(critical_ratio as decimal(9, 6)) as critical_ratio,
        sentence_zh,
        sentence_en,
        owner,
        coalesce(endangered_metrics, '') as endangered_metrics,
        coalesce(fix_hint_en, '') as fix_hint_en,
        coalesce(fix_hint_zh, '') as fix_hint_zh,
        coalesce(defect_kind, '') as defect_kind
    from reference.dq_rules
    where valid_from <= $as_of_on and (valid_to is null or valid_to > $as_of_on)
    order by rule_id
"""


def read_as_of(connection: duckdb.DuckDBPyConnection) -> date:
    """The business day the candidate was built for."""
    row = connection.execute("select as_of_on from landing.run_context").fetchone()
    if row is None or row[0] is None:
        raise AuditError(
            "landing.run_context of the candidate is empty, so its business day is unknown: "
            "build the candidate again with `aftersales build`."
        )
    as_of_on: date = row[0]
    return as_of_on


def read_catalogue(connection: duckdb.DuckDBPyConnection, as_of_on: date) -> list[Rule]:
    """The rules in force on a day, in a fixed order."""
    rows = connection.execute(_QUERY, {"as_of_on": as_of_on}).fetchall()
    rules = [_to_rule(row) for row in rows]
    if not rules:
        raise AuditError(
            f"reference.dq_rules holds no rule in force on {as_of_on}: a gate without rules "
            "would let everything pass. Check valid_from and valid_to in "
            "seeds/quality/dq_rules.csv."
        )
    return rules


def _to_rule(row: tuple[object, ...]) -> Rule:
    def ratio(value: object) -> Decimal | None:
        return value if isinstance(value, Decimal) else None

    return Rule(
        rule_id=str(row[0]),
        rule_kind=str(row[1]),
        table_name=str(row[2]),
        severity=str(row[3]),
        warning_ratio=ratio(row[4]),
        critical_ratio=ratio(row[5]),
        sentence_zh=str(row[6]),
        sentence_en=str(row[7]),
        owner=str(row[8]),
        endangered_metrics=tuple(m.strip() for m in str(row[9]).split(";") if m.strip()),
        fix_hint_en=str(row[10]),
        fix_hint_zh=str(row[11]),
        defect_kind=str(row[12]),
    )


_SCHEMAS = {"stg": "staging", "int": "intermediate", "dq": "quality"}
_SCHEMAS.update(dict.fromkeys(("dim", "fct", "bridge", "mart"), "marts"))
_OTHER_TABLES = {"rejects": "landing", "batches": "landing"}


def schema_of(table_name: str) -> str:
    """The schema a table lives in, told by its prefix; seeds have none."""
    prefix = table_name.split("_", maxsplit=1)[0]
    return _SCHEMAS.get(prefix) or _OTHER_TABLES.get(table_name, "reference")
