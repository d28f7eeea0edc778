"""Rows that break a rule inside cells that are held back from publication."""

from __future__ import annotations

import duckdb

CELL_RULES = """
    select rule_id, part_group, rows_part, cell_ratio, min_failed_rows
    from reference.cell_rules where valid_to is null order by rule_id
"""


def count_held_rows(
    connection: duckdb.DuckDBPyConnection, set_rule_sql: dict[str, str]
) -> dict[str, int]:
    """Rows that break a cell rule within cells that are held: they harm nobody any more."""
    if not connection.execute("from landing.held_cells limit 1").fetchone():
        return {}
    counts = {}
    for rule_id, group, *_ in connection.execute(CELL_RULES).fetchall():
        row = connection.execute(
            f"select count(*) from ({set_rule_sql[rule_id]}) as failing "
            "semi join landing.held_cells as held on failing.store_id = held.store_key "
            "and cast(failing.business_on as date) = held.business_on and held.part_group = ?",
            [group],
        ).fetchone()
        counts[str(rule_id)] = int(row[0]) if row else 0
    return {rule_id: count for rule_id, count in counts.items() if count}
