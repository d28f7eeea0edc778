"""Measures from the relations of records.sql: sums joined by group, and formulas."""

import re
from collections.abc import Sequence

import duckdb

from .measures import SUMS

STORE_COLUMNS = """
    stores.store_name, stores.region_name, stores.city_name, stores.brand_name, stores.store_class,
    stores.opened_on + 365 > known.as_of_on as is_new_store
"""
NOTHING = "(empty)"
Groups = dict[str, dict[str, float | None]]


def joined(expressions: Sequence[str]) -> str:
    """The members of several columns joined with a bar, as one expression; empty for none."""
    return " || '|' || ".join(
        f"coalesce(cast({one} as varchar), '{NOTHING}')" for one in expressions
    )


def totals(
    connection: duckdb.DuckDBPyConnection,
    measures: dict[str, str],
    group: str,
    where: str = "true",
) -> Groups:
    """Compute measures by one attribute ('' for the whole), by group and measure.

    `group` is a column of the relations, of their store, or of their day; or an expression of them.
    """
    rows = connection.execute(totals_sql(connection, measures, group, where)).fetchall()
    return {
        row[0]: {
            name: None if value is None else float(value)
            for name, value in zip(measures, row[1:], strict=True)
        }
        for row in rows
    }


def totals_sql(
    connection: duckdb.DuckDBPyConnection,
    measures: dict[str, str],
    group: str,
    where: str = "true",
) -> str:
    """The query of `totals`: the column `grouped`, and one column for each measure."""
    wanted = " ".join(measures.values())
    used = {(a, b) for a, b in re.findall(r"\[(\w+)\.(\w+)\]", wanted)}
    parts = {
        relation: sorted(name for owner, name in used if owner == relation)
        for relation in sorted({owner for owner, _ in used})
    }
    common = [
        f"{relation}_sums as ({_summed(connection, relation, names, group, where)})"
        for relation, names in parts.items()
    ]
    groups = " union ".join(f"select grouped from {relation}_sums" for relation in parts)
    joins = " ".join(f"left join {relation}_sums using (grouped)" for relation in parts)
    formulas = ", ".join(f'{_filled(formula)} as "{name}"' for name, formula in measures.items())
    return f"with {', '.join(common)} select grouped, {formulas} from ({groups}) {joins}"


def _filled(formula: str) -> str:
    """No event at all is a sum of zero; a name with "_p" tells that empty is an answer."""
    if "_p" in formula:
        return re.sub(r"\[(\w+)\.(\w+)\]", r"\1_sums.\2", formula)
    return re.sub(r"\[(\w+)\.(\w+)\]", r"coalesce(\1_sums.\2, 0)", formula)


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    return {row[0] for row in connection.execute(f"describe {relation}").fetchall()}


def _summed(
    connection: duckdb.DuckDBPyConnection, relation: str, names: list[str], group: str, where: str
) -> str:
    sums = ", ".join(f"{SUMS[relation][name]} as {name}" for name in names)
    columns = _columns(connection, relation)
    day = f"{relation}." + ("business_on" if "business_on" in columns else "month_start_on")
    kept = f"{relation}.*" + (" exclude (target_basis)" if "target_basis" in columns else "")
    grouped = f"coalesce(cast({group} as varchar), '{NOTHING}')" if group else "'all'"
    return f"""
        select {grouped} as grouped, {sums}
        from (
            select {kept}, {day} as day_on, month_bases.target_basis, {STORE_COLUMNS}
            from {relation}
            left join newest_stores as stores on stores.store_id = {relation}.store_key
            left join month_bases
                on
                    month_bases.store_key = {relation}.store_key
                    and month_bases.month_on = date_trunc('month', {day})
            cross join known
        )
        left join calendar using (day_on)
        where {where}
        group by all
    """
