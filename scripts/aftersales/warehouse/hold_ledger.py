"""The ledger of holds: which cells are held back from publication, why, and what they serve.

A cell is a group of parts of one store and business day. The ledger is a file of the home that is
only ever appended to: every build reads it, so that an increment serves what a full build would.
"""

import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from aftersales.contract import LANDING_SCHEMA
from aftersales.decision_file import append_decisions, decisions_select
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.settings import Settings
from aftersales.warehouse.versions import published_manifest

HOLD, RELEASE = "hold", "release"
AUDIT = "audit"
_GROUPS_FILE = Path("macros/metrics/part_groups.sql")
_GROUP = re.compile(r"'(\w+)': \[([^\]]*)\]")
_COLUMNS = {
    "event_number": "integer",
    "event": "varchar",
    "store_key": "varchar",
    "business_on": "date",
    "part_group": "varchar",
    "rule_id": "varchar",
    "reason_zh": "varchar",
    "reason_en": "varchar",
    "version_id": "varchar",
    "served_version_id": "varchar",
    "decided_by": "varchar",
    "decided_on": "date",
    "parts": "map(varchar, varchar)",
}


@dataclass(frozen=True)
class Cell:
    """A group of parts of one store and business day."""

    store_key: str
    business_on: str
    part_group: str


@dataclass(frozen=True)
class HoldEvent:
    """One line of the ledger, but for its number."""

    event: str
    cell: Cell
    rule_id: str
    reason_zh: str
    reason_en: str
    version_id: str
    decided_by: str
    decided_on: str
    served_version_id: str | None = None
    parts: dict[str, str | None] | None = None

    def line(self, number: int) -> dict[str, Any]:
        """The line as it is written."""
        document = asdict(self)
        return {
            "event_number": number,
            "event": document.pop("event"),
            **document.pop("cell"),
            **document,
        }


@cache
def part_groups() -> dict[str, list[str]]:
    """The parts of the store day by group, as the models have them."""
    text = (Settings().project_dir / _GROUPS_FILE).read_text(encoding="utf-8")
    return {name: re.findall(r"'(\w+)'", parts) for name, parts in _GROUP.findall(text)}


def record(home: Home, events: list[HoldEvent]) -> None:
    """Append events to the ledger."""
    append_decisions(
        home.holds, lambda first: [one.line(first + at) for at, one in enumerate(events)]
    )


def count_events(home: Home) -> int:
    """How many events the ledger holds: a version knows up to which it was built."""
    return len(home.holds.read_bytes().splitlines()) if home.holds.is_file() else 0


def events_select(home: Home) -> str:
    """A SELECT over all events, maybe empty."""
    return decisions_select(home.holds, _COLUMNS)


def held_select(home: Home) -> str:
    """A SELECT over the newest event of each cell that is held now, maybe empty."""
    return (
        "select * exclude (newest) from (select *, row_number() over (partition by store_key, "
        "business_on, part_group order by event_number desc) as newest "
        f"from ({events_select(home)})) where newest = 1 and event = '{HOLD}'"
    )


def create_held_cells(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """The held cells as the models read them: a column for each part, with its last good value."""
    parts = ", ".join(
        f"cast(parts['{part}'] as decimal(18, 2)) as {part}"
        for group in part_groups().values()
        for part in group
    )
    connection.execute(
        f"create or replace table {LANDING_SCHEMA}.held_cells as select store_key, business_on, "
        "part_group, rule_id, reason_zh, reason_en, decided_on as held_on, served_version_id, "
        f"{parts} from ({held_select(home)})"
    )


def release_by_person(home: Home, cell: Cell, by: str, reason: str) -> None:
    """Release a held cell by a person's decision: the next run serves it as computed."""
    if not by.strip() or not reason.strip():
        raise AftersalesError("A release needs a name and a reason: add --by NAME --reason TEXT.")
    published = published_manifest(home)
    held = duckdb.execute(
        f"select rule_id from ({held_select(home)}) where store_key = ? "
        "and business_on = cast(? as date) and part_group = ?",
        [cell.store_key, cell.business_on, cell.part_group],
    ).fetchone()
    if held is None or published is None:
        raise AftersalesError(
            f"Nothing is held of {cell.store_key} on {cell.business_on} ({cell.part_group}): "
            "`aftersales holds` lists what is."
        )
    event = HoldEvent(
        RELEASE,
        cell,
        str(held[0]),
        reason,
        reason,
        published.version_id,
        by.strip(),
        published.as_of_on,
    )
    record(home, [event])
