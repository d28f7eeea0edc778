"""What the terminal says about cells that are held back."""

from collections.abc import Sequence

import duckdb
from rich.console import Console
from rich.table import Table

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.warehouse.hold_ledger import events_select, held_select, part_groups
from aftersales.warehouse.versions import database_of, published_manifest

_CHARACTERS = 118
_HEADINGS = ("store", "day", "group", "event", "rule", "by", "on", "serves", "原因 / reason")
_EVENT = (
    "store_key, cast(business_on as varchar), part_group, event, rule_id, decided_by, "
    "cast(decided_on as varchar), coalesce(served_version_id, '–'), "
    "reason_zh || case when reason_en = reason_zh then '' else ' / ' || reason_en end"
)


def print_held(home: Home) -> None:
    """Print the cells that are held now."""
    _print(
        f"select {_EVENT} from ({held_select(home)}) order by business_on, store_key, part_group",
        "Nothing is held back.",
    )


def print_events(home: Home) -> None:
    """Print every event of the ledger, oldest first."""
    _print(
        f"select {_EVENT} from ({events_select(home)}) order by event_number",
        "Nothing has ever been held back.",
    )


def print_cell(home: Home, store: str, day: str) -> None:
    """Print the history of a cell, and its served parts that differ from the computed ones."""
    _print(
        f"select {_EVENT} from ({events_select(home)}) where store_key = ? "
        "and business_on = cast(? as date) order by event_number",
        f"Nothing of {store} has ever been held back for {day}.",
        [store, day],
    )
    published = published_manifest(home)
    if published is None:
        return
    differing = [
        f"select '{part}', cast(served.{part} as varchar), cast(computed.{part} as varchar)"
        f" from served, computed where served.{part} is distinct from computed.{part}"
        for parts in part_groups().values()
        for part in parts
    ]
    cell = "where store_key = $1 and business_on = cast($2 as date)"
    sql = (
        f"with served as (from marts.fct_store_day {cell}), "
        f"computed as (from intermediate.int_store_day_parts {cell}) "
        f"{' union all '.join(differing)}"
    )
    database = database_of(home, published.version_id)
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            rows = connection.execute(sql, [store, day]).fetchall()
        except duckdb.CatalogException as error:
            raise AftersalesError(
                "The published version was built by older code: run `aftersales run`."
            ) from error
    if rows:
        _table(("part", "served", "computed"), rows)


def count_held(home: Home) -> int:
    """How many cells are held now."""
    row = duckdb.sql(f"select count(*) from ({held_select(home)})").fetchone()
    return int(row[0]) if row else 0


def _print(query: str, nothing: str, parameters: Sequence[str] = ()) -> None:
    rows = duckdb.execute(query, list(parameters)).fetchall()
    if rows:
        _table(_HEADINGS, rows)
    else:
        _console().print(nothing)


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    table = Table(*headings, box=None)
    for row in rows:
        table.add_row(*("–" if value is None else str(value) for value in row))
    _console().print(table)


def _console() -> Console:
    console = Console(highlight=False, markup=False)
    console.width = max(console.width, _CHARACTERS)
    return console
