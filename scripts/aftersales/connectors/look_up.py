"""Columns of other tables of a database, put beside the rows that point to them."""

from collections.abc import Callable
from dataclasses import replace

from aftersales.connectors.extract import Extract
from aftersales.connectors.spec import LookUp, TableSpec
from aftersales.sql import identifier


def looked_up(
    table: TableSpec,
    extract: Extract,
    place_of: Callable[[str], str],
    columns_of: Callable[[str], dict[str, str]],
) -> Extract:
    """The rows of an extract with what they look up; a row that finds nothing has nothing there.

    Rows are read again when they change themselves, not when what they look up does.
    """
    wanted = [spec.look_up for spec in table.columns.values() if spec.look_up]
    groups: dict[tuple[str, str, str], list[LookUp]] = {}
    for one in dict.fromkeys(wanted):
        groups.setdefault((one.table, one.key, one.by), []).append(one)
    for (other, key, by), looks in groups.items():
        known = columns_of(other)
        found_key, own = _named(known, key), extract.column(by)
        found = {one.name: _named(known, one.column) for one in looks}
        if found_key is None or own is None or None in found.values():
            # What is missing is told as drift: the column is not among those of the extract.
            continue
        extract = _joined(extract, place_of(other), (found_key, own), found, known)
    return extract


def _joined(
    extract: Extract,
    place: str,
    pair: tuple[str, str],
    found: dict[str, str | None],
    types: dict[str, str],
) -> Extract:
    key, own = pair
    # One row a key, so that looking up never multiplies rows.
    taken = ", ".join(
        f"min({identifier(str(column))}) as {identifier(name)}" for name, column in found.items()
    )
    listed = ", ".join(f"found.{identifier(name)}" for name in found)
    relation = (
        f"(select rows_here.*, {listed} from {extract.relation} as rows_here left join "
        f"(select cast({identifier(key)} as varchar) as _looked_up_by, {taken} from {place} "
        f"group by all) as found on cast(rows_here.{identifier(own)} as varchar) "
        "= found._looked_up_by)"
    )
    columns = {name: types[str(column)] for name, column in found.items()}
    return replace(
        extract,
        relation=relation,
        columns={**extract.columns, **columns},
        declared_types=None
        if extract.declared_types is None
        else {**extract.declared_types, **columns},
    )


def _named(columns: dict[str, str], name: str) -> str | None:
    lowered = {one.lower(): one for one in columns}
    return name if name in columns else lowered.get(name.lower())
