"""Publication by cell: which cells of a candidate are held back, and which are released.

The audit's set rules that can be laid to a store and day (seed cell_rules) are counted by cell. A
cell that breaks one and has changed since the parent version is held: it serves what the parent
served. A held cell that breaks none any more is released.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.quality.held_rows import CELL_RULES
from aftersales.quality.model import RuleResult
from aftersales.sql import identifier, literal
from aftersales.warehouse.hold_ledger import AUDIT, HOLD, RELEASE, Cell, HoldEvent, part_groups
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.versions import database_of

_COMPUTED, _SERVED = "intermediate.int_store_day_parts", "marts.fct_store_day"
_CLEARED_ZH, _CLEARED_EN = "该单元已通过规则", "The cell passes the rule again"
_FAILING = """
    select
        {rule} as rule_id, {group} as part_group, failing.store_key, failing.business_on,
        failing.failed_rows, failing.detail
    from (
        select store_id as store_key, cast(business_on as date) as business_on,
            count(*) as failed_rows, min(detail) as detail
        from ({sql}) where store_id is not null and business_on is not null group by all
    ) as failing
    inner join {computed} as computed using (store_key, business_on)
    where failing.failed_rows >= {minimum} and failing.failed_rows > {ratio} * {rows}
"""
# The rule that comes first by name gives the reason of a cell that breaks several.
_FIRST = """
    select * exclude (place) from (
        select *, row_number() over (
            partition by store_key, business_on, part_group order by rule_id
        ) as place from failing_cells
    ) where place = 1
"""
_TOO_MANY = """
    with days as (select business_on, count(*) as stores from {computed} group by business_on)
    select held.business_on, count(distinct held.store_key), any_value(days.stores)
    from (
        select store_key, business_on from new_cells
        union all
        select held.store_key, held.business_on from landing.held_cells as held
        anti join cleared_cells using (store_key, business_on, part_group)
    ) as held
    inner join days using (business_on)
    where held.business_on in (select business_on from new_cells)
    group by held.business_on
    having 100 * count(distinct held.store_key) > any_value(days.stores) * (
        select value from reference.thresholds
        where threshold_code = 'held_stores_of_a_day_max_percent' and valid_to is null
    )
    order by held.business_on limit 1
"""


@dataclass(frozen=True)
class Decision:
    """What the audit decides about cells: events to record, or why the version is refused."""

    events: list[HoldEvent]
    refusal: str | None = None


def decide(
    database: Path, home: Home, manifest: Manifest, results: tuple[RuleResult, ...]
) -> Decision:
    """Look at every cell of a candidate that was audited."""
    with duckdb.connect(str(database)) as connection:
        _find_failing(connection, {one.rule.rule_id: one for one in results})
        connection.execute(
            "create temp table cleared_cells as select * from landing.held_cells "
            "anti join failing_cells using (store_key, business_on, part_group)"
        )
        _find_new(connection, home, manifest)
        too_many = connection.execute(_TOO_MANY.format(computed=_COMPUTED)).fetchone()
        if too_many is not None:
            day, held, stores = too_many
            return Decision(
                [],
                f"{held} of {stores} stores would be held on {day}, more than the limit "
                "held_stores_of_a_day_max_percent: the day is wrong and not the stores. Extract "
                "it again, then run `aftersales run`.",
            )
        return Decision([*_releases(connection, manifest), *_holds(connection, manifest)])


def _find_failing(connection: duckdb.DuckDBPyConnection, results: dict[str, RuleResult]) -> None:
    parts = []
    for rule_id, group, rows_part, ratio, minimum in connection.execute(CELL_RULES).fetchall():
        if rule_id not in results or not results[rule_id].failing_sql:
            raise AftersalesError(
                f"seeds/quality/cell_rules.csv names {rule_id}, which is no set rule of the "
                "catalogue: correct the name, or retire the row."
            )
        parts.append(
            _FAILING.format(
                rule=literal(rule_id),
                group=literal(group),
                sql=results[rule_id].failing_sql,
                computed=_COMPUTED,
                minimum=int(minimum),
                ratio=ratio,
                rows="1" if not rows_part else f"computed.{identifier(rows_part)}",
            )
        )
    connection.execute(f"create temp table failing_cells as {' union all '.join(parts)}")
    connection.execute(
        "create temp table reasons as select first.*, rules.sentence_zh || '（' || first.detail "
        "|| '）' as reason_zh, rules.sentence_en || ' (' || first.detail || ')' as reason_en "
        f"from ({_FIRST}) as first inner join reference.dq_rules as rules using (rule_id)"
    )


def _find_new(connection: duckdb.DuckDBPyConnection, home: Home, manifest: Manifest) -> None:
    """Failing cells that are not held yet and differ from what the parent computed."""
    parent = manifest.parent_version_id
    path = database_of(home, parent) if parent else None
    if path is None or not path.is_file() or not _attach(connection, path):
        # Without a version to fall back on nothing can be held: the version is judged as a whole.
        connection.execute("create temp table new_cells as from reasons limit 0")
        return
    changed = " or ".join(
        f"(reasons.part_group = {literal(group)} and "
        f"({_listed('computed', parts)}) is distinct from ({_listed('before', parts)}))"
        for group, parts in part_groups().items()
    )
    connection.execute(
        "create temp table new_cells as select reasons.* from reasons "
        f"inner join {_COMPUTED} as computed using (store_key, business_on) "
        f"left join parent.{_COMPUTED} as before using (store_key, business_on) "
        "left join landing.held_cells as held on reasons.store_key = held.store_key and "
        "reasons.business_on = held.business_on and reasons.part_group = held.part_group "
        f"where held.store_key is null and ({changed})"
    )


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    connection.execute(f"attach {literal(path.resolve())} as parent (read_only)")
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'parent' "
        "and schema_name = 'intermediate' and table_name = 'int_store_day_parts'"
    )
    return found.fetchone() is not None


def _listed(table: str, parts: list[str]) -> str:
    return ", ".join(f"{table}.{identifier(part)}" for part in parts)


def _releases(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> list[HoldEvent]:
    rows = connection.execute(
        "select store_key, cast(business_on as varchar), part_group, rule_id from cleared_cells "
        "order by all"
    ).fetchall()
    return [
        HoldEvent(
            RELEASE,
            Cell(store, day, group),
            rule_id,
            _CLEARED_ZH,
            _CLEARED_EN,
            manifest.version_id,
            AUDIT,
            manifest.as_of_on,
        )
        for store, day, group, rule_id in rows
    ]


def _holds(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> list[HoldEvent]:
    rows = connection.execute(
        "select store_key, cast(business_on as varchar), part_group, rule_id, reason_zh, "
        "reason_en from new_cells order by all"
    ).fetchall()
    events = []
    for store, day, group, rule_id, zh, en in rows:
        parts = part_groups()[group]
        served = connection.execute(
            f"select {', '.join(f'cast({identifier(part)} as varchar)' for part in parts)} "
            f"from parent.{_SERVED} where store_key = ? and business_on = cast(? as date)",
            [store, day],
        ).fetchone()
        is_served = served is not None and any(value is not None for value in served)
        events.append(
            HoldEvent(
                HOLD,
                Cell(store, day, group),
                rule_id,
                zh,
                en,
                manifest.version_id,
                AUDIT,
                manifest.as_of_on,
                manifest.parent_version_id if is_served else None,
                dict(zip(parts, served, strict=True)) if served is not None else {},
            )
        )
    return events
