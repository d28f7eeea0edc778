"""The columns of a table of a connector file: what may be declared, and what it says."""

from pathlib import Path
from typing import Any

from aftersales.connectors.codes import Fail, check_map, code_map
from aftersales.connectors.spec import UNIT_FACTORS, ColumnSpec, Each, LookUp, Only, each_name
from aftersales.contract import RawTable

_NEEDS = {
    "otherwise": ("values", "says what becomes of codes that values does not list"),
    "join": ("from", "stands between the columns of a list in from"),
    "look_up": ("from", "names the table that from is a column of"),
}
_MAKING = ("from", "unit", "multiply_by", "format", "time_zone", "values")


def check_columns(folder: Path, table: dict[str, Any], raw: RawTable, key: str, fail: Fail) -> None:
    """Refuse what contradicts itself in the columns of a table."""
    for name, declared in table.get("columns", {}).items():
        if isinstance(declared, dict):
            _check_column(folder, declared, f"{key}.columns.{name}", fail)
    if "each" in table:
        _check_each(table, raw, key, fail)


def _check_column(folder: Path, declared: dict[str, Any], key: str, fail: Fail) -> None:
    if "todo" in declared:
        fail(key, f"undecided ({declared['todo']})", "decide it and remove todo")
    for name, (needed, meaning) in _NEEDS.items():
        if name in declared and needed not in declared:
            fail(f"{key}.{name}", f"{name} {meaning}", f"add {needed} or leave {name} out")
    if "join" in declared and isinstance(declared["from"], str):
        fail(f"{key}.join", "there is one column to join", "list several in from: [a, b]")
    if "look_up" in declared and not isinstance(declared["from"], str):
        fail(f"{key}.look_up", "one column can be looked up", "name one column in from")
    for alone in ("absent", "constant"):
        others = [name for name in _MAKING if name in declared]
        if alone in declared and others:
            fail(
                f"{key}.{alone}",
                f"{alone} and {', '.join(others)} contradict each other",
                "keep one of them",
            )
    if "values" in declared:
        check_map(folder, declared, key, fail)


def _check_each(table: dict[str, Any], raw: RawTable, key: str, fail: Fail) -> None:
    each = each_of(table)
    assert each is not None
    for name in each.columns:
        if name not in raw.columns:
            fail(
                f"{key}.each",
                f"{raw.system}.{raw.name} has no column {name}",
                f"take {', '.join(raw.columns)}",
            )
        declared = table.get("columns", {}).get(name)
        if isinstance(declared, str) or (isinstance(declared, dict) and "from" in declared):
            fail(
                f"{key}.columns.{name}",
                "each fills this column",
                "leave from out here; format, unit, values and time_zone may stay",
            )
    if len(set(each.columns)) < len(each.columns):
        fail(f"{key}.each.into", "names a column twice", "name each column once")
    for value, sources in each.values.items():
        if not isinstance(value, str):
            fail(
                f"{key}.each.values",
                f"YAML takes {value!s} for a {type(value).__name__}",
                f'put it in quotes, as in "{value!s}"',
            )
        if len(sources) != len(each.into):
            fail(
                f"{key}.each.values.{value}",
                f"{len(sources)} columns for {len(each.into)} of into",
                f"name one column of the source for each of {', '.join(each.into)}",
            )


def each_of(table: dict[str, Any]) -> Each | None:
    """What a table says about each row of it being several."""
    declared = table.get("each")
    if declared is None:
        return None
    return Each(
        declared["column"],
        _listed(declared["into"]),
        {value: _listed(sources) for value, sources in declared["values"].items()},
    )


def only_of(tables: list[dict[str, Any]], number: int) -> Only | None:
    """Which rows a table takes; the first of those that share a source knows what all take."""
    declared = tables[number].get("only")
    if declared is None:
        return None
    ((column, codes),) = declared.items()
    sharing = [
        position
        for position, table in enumerate(tables)
        if _source(table) == _source(tables[number])
    ]
    parted = [tables[position].get("only") for position in sharing]
    claimed: list[str] = []
    if number == sharing[0] and all(parted):
        claimed = [code for one in parted if one for code in _listed(next(iter(one.values())))]
    return Only(column, _listed(codes), tuple(claimed))


def check_only(tables: list[dict[str, Any]], fail: Fail) -> None:
    """Refuse tables that share a source and part its rows by different columns."""
    columns: dict[str, str] = {}
    for number, table in enumerate(tables):
        for column in table.get("only", {}):
            known = columns.setdefault(_source(table), column)
            if known.lower() != column.lower():
                fail(
                    f"tables[{number}].only",
                    f"{_source(table)} is parted by {known} in another table",
                    f"take {known} here too",
                )


def _source(table: dict[str, Any]) -> str:
    return str(table.get("from") or table.get("files"))


def columns_of(folder: Path, table: dict[str, Any], key: str, fail: Fail) -> dict[str, ColumnSpec]:
    """Where the columns of a table come from, as far as it says so."""
    each = each_of(table)
    declared = table.get("columns", {})
    made = () if each is None else each.columns
    specs = {
        name: _column(folder, name, one, f"{key}.columns.{name}", fail)
        for name, one in declared.items()
        if name not in made
    }
    for name in made:
        one = {**declared.get(name, {}), "from": each_name(name)}
        specs[name] = _column(folder, name, one, f"{key}.columns.{name}", fail)
    return specs


def _column(
    folder: Path, name: str, declared: str | dict[str, Any], key: str, fail: Fail
) -> ColumnSpec:
    if isinstance(declared, str):
        return ColumnSpec(declared)
    constant = declared.get("constant")
    sources: tuple[str, ...] = ()
    if constant is None and not declared.get("absent"):
        sources = _listed(declared.get("from", name))
    look_up = None
    if "look_up" in declared:
        look_up = LookUp(column=sources[0], **declared["look_up"])
        sources = (look_up.name,)
    return ColumnSpec(
        source=sources[0] if sources else None,
        constant=None if constant is None else str(constant),
        factor=UNIT_FACTORS[declared.get("unit", "元")] * declared.get("multiply_by", 1),
        formats=_listed(declared.get("format", ())),
        time_zone=declared.get("time_zone"),
        joined=sources[1:],
        join=declared.get("join", ""),
        values=code_map(folder, declared, key, fail) if "values" in declared else None,
        unit=declared.get("unit"),
        note=declared.get("note", ""),
        look_up=look_up,
    )


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
