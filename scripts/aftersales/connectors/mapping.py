"""From the columns of a source to those of the raw table it feeds."""

from dataclasses import dataclass

from aftersales.connectors.expressions import Target, Value, value_of
from aftersales.connectors.extract import Extract
from aftersales.connectors.rows import unclaimed
from aftersales.connectors.shaping import shaped
from aftersales.connectors.spec import ColumnSpec, Connector, TableSpec, each_name
from aftersales.contract import LINEAGE_COLUMNS
from aftersales.sql import identifier, literal, literal_list

BAD_COLUMN, BAD_REASON, RAW_TEXT = "_bad_column", "_bad_reason", "_raw_text"
_RESERVED = frozenset({*LINEAGE_COLUMNS, BAD_COLUMN, BAD_REASON, RAW_TEXT})


@dataclass(frozen=True)
class Mapping:
    """How each column of a raw table is made, and which columns of the source come along."""

    values: dict[str, Value]
    extras: dict[str, str]
    missing: tuple[tuple[str, str], ...]
    source_columns: tuple[str, ...]
    unclaimed: tuple[tuple[str, str, str], ...] = ()

    @property
    def can_fail(self) -> bool:
        """Whether a value may have no place in the contract."""
        return bool(self._faults)

    @property
    def _faults(self) -> list[tuple[str, str, str]]:
        """Column, condition and reason of everything that rejects a row."""
        of_values = [
            (name, condition, reason)
            for name, value in self.values.items()
            for condition, reason in value.faults
        ]
        return [*self.unclaimed, *of_values]

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
        faults = self._faults
        if not faults:
            nulls = (f"cast(null as varchar) as {n}" for n in (BAD_COLUMN, BAD_REASON, RAW_TEXT))
            return ", ".join(nulls)
        found = " ".join(f"when {bad} then {at}" for at, (_, bad, _) in enumerate(faults))
        columns = literal_list([name for name, _, _ in faults])
        reasons = literal_list([reason for _, _, reason in faults])
        row = ", ".join(f"{literal(name)}, {identifier(name)}" for name in self.source_columns)
        # Whether a value fits costs as much as making it: it is asked once, in a list of one.
        once = (
            f"list_transform([case {found} end], lambda fault: {{"
            f"{literal(BAD_COLUMN)}: ({columns})[fault + 1], "
            f"{literal(BAD_REASON)}: ({reasons})[fault + 1], "
            f"{literal(RAW_TEXT)}: case when fault is not null "
            f"then cast(json_object({row}) as varchar) end}})[1]"
        )
        return f"unnest({once})"


def map_columns(
    connector: Connector, table: TableSpec, extract: Extract, held_back: frozenset[str]
) -> Mapping:
    """Make the mapping of one extract; `held_back` columns of the source do not come along."""
    values: dict[str, Value] = {}
    missing: list[tuple[str, str]] = []
    used: set[str] = set()
    originals: list[str] = []
    for name, kind in table.feeds.columns.items():
        spec = table.column_of(name)
        target = Target(kind, table.feeds.is_text)
        if spec.constant is not None:
            values[name] = value_of(
                literal(spec.constant), "VARCHAR", target, spec, connector.time_zone, None
            )
            continue
        found = [extract.column(source) for source in spec.sources]
        present = [one for one in found if one is not None]
        if not present or len(present) < len(found):
            values[name] = Value(f"cast(null as {table.feeds.column_type(name)})")
            missing += [(name, one) for one, at in zip(spec.sources, found, strict=True) if not at]
            continue
        if spec.changes_value:
            originals += present
        else:
            used.update(present)
        values[name] = _value(extract, present, target, spec, connector.time_zone)
    missing += _missing_elsewhere(table, extract)
    extras: dict[str, str] = {}
    for column in _coming_along(table, extract, originals):
        if column not in used and column not in held_back:
            extras[_free_name(column, [*values, *extras])] = identifier(column)
    return Mapping(
        values,
        extras,
        tuple(missing),
        tuple(name for name in extract.columns if name not in held_back),
        unclaimed(table, extract),
    )


def _value(
    extract: Extract, sources: list[str], target: Target, spec: ColumnSpec, zone: str
) -> Value:
    """The value of a contract column, made of columns of the source that are all there."""
    made = shaped(sources, extract.columns, spec)
    value = value_of(
        made.sql,
        made.data_type,
        target,
        spec,
        "UTC" if extract.utc_columns.issuperset(sources) else zone,
        extract.serial_epoch,
    )
    return Value(value.sql, (*made.faults, *value.faults))


def _missing_elsewhere(table: TableSpec, extract: Extract) -> list[tuple[str, str]]:
    """The columns that `each` and `only` name and the source lacks."""
    named = {} if table.each is None else table.each.moments
    found = [(name, source) for source, name in named.items() if not extract.column(source)]
    if table.only is not None and not extract.column(table.only.column):
        found.append((table.identifying[0], table.only.column))
    return found


def _coming_along(table: TableSpec, extract: Extract, originals: list[str]) -> list[str]:
    """The columns of the source that land under their own names, if nothing else takes them.

    Of a wide row that becomes several only what is mapped lands: all else would make each of them
    new whenever anything of the wide row changes.
    """
    if table.each is None:
        return list(extract.columns)
    made = {each_name(name) for name in table.each.columns}
    return [name for name in dict.fromkeys(originals) if name not in made]


def _free_name(column: str, taken: list[str]) -> str:
    name = column.lower()
    while name in taken or name in _RESERVED:
        name = f"source_{name}"
    return name
