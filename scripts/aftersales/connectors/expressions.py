"""SQL that makes a value of the raw contract from a value of a source."""

import re
from dataclasses import dataclass

from aftersales.connectors.spec import ColumnSpec
from aftersales.connectors.zones import to_utc_sql
from aftersales.contract import duckdb_type
from aftersales.sql import literal, literal_list

_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")
_TIME_FORMATS = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")
# Each text fits one of them at most; what sources write most often is tried first.
_FORMATS = (
    *(f"{day} {time}" for time in _TIME_FORMATS[:2] for day in _DATE_FORMATS[:2]),
    *_DATE_FORMATS,
    *(f"{day} {time}" for time in _TIME_FORMATS[:2] for day in _DATE_FORMATS[2:]),
    *(f"{day} {_TIME_FORMATS[2]}" for day in _DATE_FORMATS),
    *(f"%Y-%m-%dT{time}" for time in _TIME_FORMATS),
)
_INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
    | {"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
)
_TRUE_WORDS = ("true", "t", "yes", "y", "1", "1.0", "是", "有")
_FALSE_WORDS = ("false", "f", "no", "n", "0", "0.0", "否", "无")
_GROUPED = r"^[+-]?\d{1,3}([,，]\d{3})+(\.\d+)?$"
_WITH_OFFSET = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}:?(\d{2})?)$"
_SERIAL = r"^\d{5}(\.\d+)?$"


def family(data_type: str) -> str:
    """What a DuckDB type is, roughly: text, integer, decimal, float, date, timestamp and so on."""
    base = re.sub(r"\(.*", "", data_type).strip().upper()
    if base in _INTEGERS:
        return "integer"
    known = {
        "DECIMAL": "decimal",
        "FLOAT": "float",
        "DOUBLE": "float",
        "BOOLEAN": "boolean",
        "DATE": "date",
        "TIMESTAMP": "timestamp",
        "TIMESTAMP_NS": "timestamp",
        "TIMESTAMP_MS": "timestamp",
        "TIMESTAMP_S": "timestamp",
        "TIMESTAMP WITH TIME ZONE": "timestamptz",
        "VARCHAR": "text",
    }
    return known.get(base, "other")


@dataclass(frozen=True)
class Value:
    """A value in SQL; `faults` are conditions under which a row is rejected, and why."""

    sql: str
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Target:
    """A column of the raw contract: its portable type, and whether its table keeps text."""

    kind: str
    is_text: bool

    @property
    def data_type(self) -> str:
        """DuckDB's word for the type."""
        return duckdb_type(self.kind)

    @property
    def plain_kind(self) -> str:
        """The type without its digits."""
        return self.kind.partition("(")[0]


def value_of(
    source: str, source_type: str, target: Target, spec: ColumnSpec, zone: str, epoch: str | None
) -> Value:
    """The value of a contract column made from the SQL of a source column."""
    origin = family(source_type)
    text = source if source_type == "VARCHAR" else f"cast({source} as varchar)"
    maker = _Maker(source, text, origin, source_type, spec, spec.time_zone or zone, epoch)
    made = maker.make(target)
    if target.is_text:
        # Staging judges text: what cannot be read stays as it was written, and so do plain numbers.
        is_plain = origin == "text" and spec.factor == 1 and maker.is_number(target)
        if made == source or is_plain:
            return Value(maker.ungrouped() if is_plain else text)
        return Value(f"coalesce(cast({made} as varchar), {text})")
    if made in {source, text} or origin == target.plain_kind:
        return Value(made)
    is_there = f"{source} is not null" + (f" and trim({text}) <> ''" if origin == "text" else "")
    return Value(made, ((f"({is_there} and {made} is null)", f"not a {target.kind}"),))


@dataclass(frozen=True)
class _Maker:
    source: str
    text: str
    origin: str
    source_type: str
    spec: ColumnSpec
    zone: str
    epoch: str | None

    def make(self, target: Target) -> str:
        kind = target.plain_kind
        if kind == "string":
            return self.text if self.origin != "text" else self.source
        if kind == "boolean":
            return self._boolean()
        if kind == "date":
            return self._date()
        if kind == "timestamp":
            return self._timestamp()
        return self._number(target)

    def _number(self, target: Target) -> str:
        is_whole = target.plain_kind == "integer"
        if self.spec.factor == 1 and self._is_number_already(is_whole):
            return self.source
        number = self.source
        if self.origin == "text":
            number = self.ungrouped()
        elif self.origin not in {"integer", "decimal", "float", "boolean"}:
            number = self.text
        if self.spec.factor != 1:
            number = f"try_cast({number} as double) * {self.spec.factor!r}"
        if not is_whole:
            return f"try_cast({number} as {target.data_type})"
        exact = f"try_cast({number} as decimal(38, 6))"
        return f"case when {exact} = floor({exact}) then try_cast({exact} as bigint) end"

    @staticmethod
    def is_number(target: Target) -> bool:
        """Whether the contract wants a number."""
        return target.plain_kind in {"integer", "numeric"}

    def ungrouped(self) -> str:
        """A number in text without what parts its thousands."""
        trimmed = f"trim({self.source})"
        return (
            f"case when regexp_full_match({trimmed}, {literal(_GROUPED)}) "
            f"then translate({trimmed}, ',，', '') else {self.source} end"
        )

    def _is_number_already(self, is_whole: bool) -> bool:
        return self.origin == "integer" or (self.origin == "decimal" and not is_whole)

    def _boolean(self) -> str:
        if self.origin == "boolean":
            return self.source
        if self.origin in {"integer", "decimal", "float"}:
            return f"({self.source} <> 0)"
        word = f"lower(trim({self.text}))"
        true = ", ".join(literal(one) for one in _TRUE_WORDS)
        false = ", ".join(literal(one) for one in _FALSE_WORDS)
        return f"case when {word} in ({true}) then true when {word} in ({false}) then false end"

    def _date(self) -> str:
        if self.origin == "date":
            return self.source
        if self.origin == "timestamp":
            return f"cast({self.source} as date)"
        if self.origin == "timestamptz":
            return f"cast(timezone({literal(self.zone)}, {self.source}) as date)"
        return f"cast({self._parsed()} as date)"

    def _timestamp(self) -> str:
        if self.origin == "timestamptz":
            return f"timezone('UTC', {self.source})"
        if self.origin == "timestamp":
            return to_utc_sql(self.source, self.zone)
        if self.origin == "date":
            return to_utc_sql(f"cast({self.source} as timestamp)", self.zone)
        trimmed = f"trim({self.text})"
        return (
            f"case when regexp_full_match({trimmed}, {literal(_WITH_OFFSET)}) "
            f"then timezone('UTC', try_cast({trimmed} as timestamptz)) "
            f"else {_once(self._parsed(), to_utc_sql('moment', self.zone))} end"
        )

    def _parsed(self) -> str:
        """A local time from text: by the declared formats, else by those that start with a year.

        A day and a month in unknown order are never guessed.
        """
        trimmed = f"trim({self.text})"
        formats = self.spec.formats or _FORMATS
        parsed = f"try_strptime({trimmed}, {literal_list(formats)})"
        if self.epoch is not None:
            days = f"try_cast({trimmed} as double)"
            serial = (
                f"timestamp {literal(self.epoch)} "
                f"+ to_seconds(cast(round({days} * 86400) as bigint))"
            )
            parsed = (
                f"case when regexp_full_match({trimmed}, {literal(_SERIAL)}) "
                f"then {serial} else {parsed} end"
            )
        return f"list_filter([{parsed}], lambda moment: year(moment) between 1900 and 2199)[1]"


def _once(value: str, made: str) -> str:
    """SQL of what is made of `moment`, which is worked out once however often it is named."""
    return f"list_transform([{value}], lambda moment: {made})[1]"
