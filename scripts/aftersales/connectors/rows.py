"""Which rows of a source's table a raw table gets, and how many it makes of each."""

from dataclasses import replace

import duckdb

from aftersales.connectors.extract import Extract
from aftersales.connectors.spec import Each, TableSpec, each_name
from aftersales.sql import identifier, literal

_NUMBER = "each._number"
_ROWS_A_ROW = 100


def prepared(engine: duckdb.DuckDBPyConnection, table: TableSpec, extract: Extract) -> Extract:
    """The rows of an extract that belong to a raw table, each as several if it says so."""
    extract = _chosen(table, extract)
    return extract if table.each is None else _unpivoted(engine, table.each, extract)


def unclaimed(table: TableSpec, extract: Extract) -> tuple[tuple[str, str, str], ...]:
    """Column, condition and reason of rows that no table of the connector takes."""
    column = None if table.only is None else extract.column(table.only.column)
    if table.only is None or column is None or not table.only.claimed:
        return ()
    condition = f"not ({_holds_one_of(column, table.only.codes)})"
    return ((column, condition, "no table of the connector takes rows with this code"),)


def _chosen(table: TableSpec, extract: Extract) -> Extract:
    column = None if table.only is None else extract.column(table.only.column)
    if table.only is None or column is None:
        return extract
    condition = _holds_one_of(column, table.only.codes)
    if table.only.claimed:
        condition = f"{condition} or not ({_holds_one_of(column, table.only.claimed)})"
    relation = f"(select * from {extract.relation} where {condition})"
    return replace(extract, relation=relation)


def _holds_one_of(column: str, codes: tuple[str, ...]) -> str:
    listed = ", ".join(literal(code.strip()) for code in codes)
    return f"coalesce(trim(cast({identifier(column)} as varchar)) in ({listed}), false)"


def _unpivoted(engine: duckdb.DuckDBPyConnection, each: Each, extract: Extract) -> Extract:
    """One row for each listed value whose first column is not empty.

    The number of such a row is that of the source's row times 100 plus the place of the value.
    """
    rows, mixed = [], _mixed(each, extract)
    for number, (value, sources) in enumerate(each.values.items(), start=1):
        fields = [(_NUMBER, str(number)), (each_name(each.column), literal(value))]
        for name, source in zip(each.into, sources, strict=True):
            fields.append((each_name(name), _field(extract, source, name in mixed)))
        rows.append("{" + ", ".join(f"{literal(name)}: {sql}" for name, sql in fields) + "}")
    made = f"select *, unnest([{', '.join(rows)}], recursive := true) from {extract.relation}"
    first = identifier(each_name(each.into[0]))
    relation = f"(select * from ({made}) where trim(cast({first} as varchar)) <> '')"
    described = engine.execute(f"describe select * from {relation}").fetchall()
    types = {str(row[0]): str(row[1]) for row in described}
    columns = {
        **extract.columns,
        **{each_name(name): types[each_name(name)] for name in each.columns},
    }
    row_number = extract.row_number
    if "over (" not in row_number:
        row_number = f"({row_number}) * {_ROWS_A_ROW} + {identifier(_NUMBER)}"
    utc = {
        each_name(name)
        for place, name in enumerate(each.into)
        if all(extract.column(one[place]) in extract.utc_columns for one in each.values.values())
    }
    return replace(
        extract,
        relation=relation,
        columns=columns,
        row_number=row_number,
        utc_columns=extract.utc_columns | utc,
        declared_types=extract.known_types,
    )


def _mixed(each: Each, extract: Extract) -> set[str]:
    """The columns that are filled from columns of several types: as text they are one."""
    types: dict[str, set[str]] = {name: set() for name in each.into}
    for sources in each.values.values():
        for name, source in zip(each.into, sources, strict=True):
            found = extract.column(source)
            types[name] |= set() if found is None else {extract.columns[found]}
    return {name for name, found in types.items() if len(found) > 1}


def _field(extract: Extract, source: str, is_text: bool) -> str:
    found = extract.column(source)
    if found is None:
        return "null"
    return f"cast({identifier(found)} as varchar)" if is_text else identifier(found)
