"""Compose the SQL that plants the defects of one table and writes down each planted row."""

from __future__ import annotations

from typing import Protocol

from aftersales.demo.defects.model import Defect

ANSWER_TABLE = """
create or replace table planted_defect (
    defect_kind varchar, system varchar, table_name varchar, extract varchar,
    natural_key varchar, store_id varchar, column_name varchar, detail varchar
)
"""


class Placed(Protocol):
    """A file of an extract, as far as the answer key needs it."""

    @property
    def system(self) -> str:
        """Give the system."""

    @property
    def table(self) -> str:
        """Give the table."""

    @property
    def extract(self) -> str:
        """Give the extract."""

    @property
    def columns(self) -> dict[str, str]:
        """Give the columns of the extract query."""


def planted_query(query: str, defects: list[Defect], *, has_world_defects: bool) -> str:
    """Give the rows with the number of the defect each one carries, null for a right row.

    One draw a row decides; the defects own adjoining stretches of it, so none meets another, and a
    row that the company itself made wrong (`_planted`) gets no second one.
    """
    branches = []
    upper = 0
    for number, defect in enumerate(defects):
        lower, upper = upper, upper + defect.per_million
        branches.append(
            f"when draw >= {lower} and draw < {upper} and ({defect.when}) then {number}"
        )
    if upper > 1_000_000:
        raise ValueError(f"the defects of {defects[0].system}.{defects[0].table} exceed the draw")
    case = f"case {' '.join(branches)} end" if branches else "null"
    if branches and has_world_defects:
        case = f"case when _planted is null then {case} end"
    return f"""
        with drawn as (
            select extract.* exclude (_defect), defect_draw(_k) as draw from ({query}) as extract
        )
        select *, {case}::integer as _defect from drawn
    """


def planted_fields(shown: dict[str, str], defects: list[Defect]) -> str:
    """Give the rows as the file shows them: changed, added or left out."""
    dropped = [str(number) for number, defect in enumerate(defects) if defect.mode == "drop"]
    added = [str(number) for number, defect in enumerate(defects) if defect.mode == "add"]
    kept = "_store_id, _sort, _sort_2"
    query = (
        f"select {_columns(shown, defects, 'change')}, {kept}, 0 as _copy, _defect "
        "from planted_rows"
    )
    if dropped:
        query += f" where _defect is null or _defect not in ({', '.join(dropped)})"
    if added:
        query += (
            f" union all select {_columns(shown, defects, 'add')}, {kept}, 1, _defect "
            f"from planted_rows where _defect in ({', '.join(added)})"
        )
    return query


def _columns(shown: dict[str, str], defects: list[Defect], mode: str) -> str:
    """Give each column of the file, wrong where a defect of this mode says so."""
    fields = []
    for column, data_type in shown.items():
        branches = [
            f"when {number} then cast({defect.changes[column]} as {data_type})"
            for number, defect in enumerate(defects)
            if defect.mode == mode and column in defect.changes
        ]
        case = f"case _defect {' '.join(branches)} else {column} end" if branches else ""
        fields.append(f"{case} as {column}" if case else column)
    return ", ".join(fields)


def keyed_query(file: Placed, defects: list[Defect]) -> str:
    """Give the statement that writes the planted rows of a file into the answer key."""
    kinds = " ".join(f"when {n} then '{defect.kind}'" for n, defect in enumerate(defects))
    keys = " ".join(
        f"when {n} then {defect.key}" for n, defect in enumerate(defects) if defect.key != "_key"
    )
    names = " ".join(
        f"when {n} then '{defect.column}'" for n, defect in enumerate(defects) if defect.column
    )
    details = " ".join(
        f"when {n} then {defect.detail}"
        for n, defect in enumerate(defects)
        if defect.detail != "null"
    )
    parts = []
    if defects:
        parts.append(
            f"select case _defect {kinds} end as defect_kind, "
            f"{_case(keys, '_key')} as natural_key, _store_id as store_id, "
            f"{_case(names, 'null')}::varchar as column_name, "
            f"{_case(details, 'null')}::varchar as detail "
            "from planted_rows where _defect is not null"
        )
    if "_planted" in file.columns:
        parts.append(
            "select _planted, _key, _store_id, null, null from planted_rows "
            "where _planted is not null"
        )
    return (
        "insert into planted_defect "
        f"select defect_kind, '{file.system}', '{file.table}', '{file.extract}', "
        f"natural_key, store_id, column_name, detail from ({' union all '.join(parts)}) as planted"
    )


def _case(branches: str, otherwise: str) -> str:
    """Give a case over the number of the defect, or the one value when there is no branch."""
    return f"case _defect {branches} else {otherwise} end" if branches else otherwise
