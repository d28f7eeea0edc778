"""From the columns of a source to those of the raw table it feeds."""

from dataclasses import dataclass

from aftersales.connectors.expressions import Target, Value, value_of
from aftersales.connectors.extract import Extract
from aftersales.connectors.spec import Connector, TableSpec
from aftersales.contract import LINEAGE_COLUMNS
from aftersales.sql import identifier, literal

BAD_COLUMN, BAD_REASON, RAW_TEXT = "_bad_column", "_bad_reason", "_raw_text"
_RESERVED = frozenset({*LINEAGE_COLUMNS, BAD_COLUMN, BAD_REASON, RAW_TEXT})


@dataclass(frozen=True)
class Mapping:
    """How each column of a raw table is made, and which columns of the source come along."""

    values: dict[str, Value]
    extras: dict[str, str]
    missing: tuple[str, ...]
    source_columns: tuple[str, ...]

    @property
    def can_fail(self) -> bool:
        """Whether a value may have no place in the contract."""
        return any(value.bad for value in self.values.values())

    @property
    def names(self) -> list[str]:
        """The columns written, in order."""
        return [*self.values, *self.extras]

    def select_list(self) -> str:
        """The SQL of the columns written."""
        made = [f"{value.sql} as {identifier(name)}" for name, value in self.values.items()]
        kept = [f"{sql} as {identifier(name)}" for name, sql in self.extras.items()]
        return ", ".join([*made, *kept])

    def judgement(self) -> str:
        """The SQL of what is wrong with a row: column, reason and the row as text, or nulls."""
        failing = [(name, value) for name, value in self.values.items() if value.bad]
        if not failing:
            nulls = (f"cast(null as varchar) as {n}" for n in (BAD_COLUMN, BAD_REASON, RAW_TEXT))
            return ", ".join(nulls)
        columns = " ".join(f"when {value.bad} then {literal(name)}" for name, value in failing)
        reasons = " ".join(f"when {value.bad} then {literal(value.reason)}" for _, value in failing)
        any_bad = " or ".join(str(value.bad) for _, value in failing)
        row = ", ".join(f"{literal(name)}, {identifier(name)}" for name in self.source_columns)
        return (
            f"case {columns} end as {BAD_COLUMN}, case {reasons} end as {BAD_REASON}, "
            f"case when {any_bad} then cast(json_object({row}) as varchar) end as {RAW_TEXT}"
        )


def map_columns(
    connector: Connector, table: TableSpec, extract: Extract, held_back: frozenset[str]
) -> Mapping:
    """Make the mapping of one extract; `held_back` columns of the source do not come along."""
    values: dict[str, Value] = {}
    missing: list[str] = []
    used: set[str] = set()
    for name, kind in table.feeds.columns.items():
        spec = table.column_of(name)
        target = Target(kind, table.feeds.is_text)
        null = Value(f"cast(null as {table.feeds.column_type(name)})")
        if spec.constant is not None:
            values[name] = value_of(
                literal(spec.constant), "VARCHAR", target, spec, connector.time_zone, None
            )
            continue
        found = None if spec.source is None else extract.column(spec.source)
        if found is None:
            values[name] = null
            if not spec.is_absent:
                missing.append(name)
            continue
        used.add(found)
        values[name] = value_of(
            identifier(found),
            extract.columns[found],
            target,
            spec,
            "UTC" if found in extract.utc_columns else connector.time_zone,
            extract.serial_epoch,
        )
    extras: dict[str, str] = {}
    for column in extract.columns:
        if column not in used and column not in held_back:
            extras[_free_name(column, [*values, *extras])] = identifier(column)
    return Mapping(
        values,
        extras,
        tuple(missing),
        tuple(name for name in extract.columns if name not in held_back),
    )


def _free_name(column: str, taken: list[str]) -> str:
    name = column.lower()
    while name in taken or name in _RESERVED:
        name = f"source_{name}"
    return name
