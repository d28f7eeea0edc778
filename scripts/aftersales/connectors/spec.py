"""A connector as declared: what the YAML file of a source says, typed."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aftersales.contract import RawTable

ACCEPT, QUARANTINE, STOP = "accept", "quarantine", "stop"
SERVER_KINDS = frozenset({"postgresql", "mysql", "mariadb"})
DATABASE_KINDS = SERVER_KINDS | {"sqlite", "duckdb"}
# A query is written in the language of the source, and answered by it.
QUERY_KINDS = SERVER_KINDS | {"sqlite"}
FILE_KINDS = frozenset({"parquet", "csv", "excel", "jsonl"})
# Into yuan, and into hours, which is what the raw contract counts money and work in.
UNIT_FACTORS = {
    "元": 1.0,
    "千元": 1_000.0,
    "万元": 10_000.0,
    "亿元": 100_000_000.0,
    "角": 0.1,
    "分": 0.01,
    "小时": 1.0,
    "分钟": 1 / 60,
    "秒": 1 / 3600,
}
KEEP, NULL, REJECT = "keep", "null", "reject"
_EACH = "each."
_OVERLAP = re.compile(r"(\d+) (second|minute|hour|day)s?")
_DEFAULT_OVERLAP = "1 hour"
# A source that lost more than a tenth of a table at once is more often half empty than cleaned up.
DELETES_LIMIT_PERCENT = 10.0


@dataclass(frozen=True)
class CodeMap:
    """The source's codes and what the contract says instead; null where it says nothing."""

    codes: dict[str, str | None]
    otherwise: str = KEEP
    notes: dict[str, str] = field(default_factory=dict)
    file: str | None = None


@dataclass(frozen=True)
class LookUp:
    """A column of another table of the source: that of the row whose `key` is our row's `by`."""

    table: str
    column: str
    key: str
    by: str

    @property
    def name(self) -> str:
        """What the column is called among those of the table that looks it up."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class ColumnSpec:
    """Where a column of the raw contract comes from; nowhere when the source has no such thing.

    `joined` are further columns of the source, whose text is put behind that of the first.
    """

    source: str | None
    constant: str | None = None
    factor: float = 1.0
    formats: tuple[str, ...] = ()
    time_zone: str | None = None
    joined: tuple[str, ...] = ()
    join: str = ""
    values: CodeMap | None = None
    unit: str | None = None
    note: str = ""
    look_up: LookUp | None = None

    @property
    def is_absent(self) -> bool:
        """Whether it is declared that the source has no such column."""
        return self.source is None and self.constant is None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the source that it is made of."""
        return () if self.source is None else (self.source, *self.joined)

    @property
    def is_direct(self) -> bool:
        """Whether the value is that of one column of the source, read as what it is."""
        return len(self.sources) == 1 and self.values is None

    @property
    def changes_value(self) -> bool:
        """Whether the contract says something else than the source: then both land."""
        return self.source is not None and not (self.is_direct and self.factor == 1)


@dataclass(frozen=True)
class Each:
    """A row of the raw table for each of several columns of one wide row of the source.

    `values` maps what `column` then says to the source's columns that fill `into`, in its order;
    the row is there when the first of them is not empty.
    """

    column: str
    into: tuple[str, ...]
    values: dict[str, tuple[str, ...]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the contract that are made."""
        return (self.column, *self.into)

    @property
    def moments(self) -> dict[str, str]:
        """The columns of the source that are read, with the column of the contract they fill."""
        return {
            source: name
            for sources in self.values.values()
            for name, source in zip(self.into, sources, strict=False)
        }


@dataclass(frozen=True)
class Only:
    """Which rows of a source's table belong to a raw table, by a code in one of its columns.

    Of the tables of a connector that share a source, the first has all `claimed` codes: it rejects
    the rows that none of them takes.
    """

    column: str
    codes: tuple[str, ...]
    claimed: tuple[str, ...] = ()


def each_name(column: str) -> str:
    """What a column that `each` makes is called among those of the source."""
    return f"{_EACH}{column}"


@dataclass(frozen=True)
class Cursor:
    """The column that tells what changed, and how far back each run looks again."""

    column: str
    overlap: str | int = _DEFAULT_OVERLAP

    @property
    def overlap_time(self) -> timedelta:
        """The overlap of a cursor of time."""
        match = _OVERLAP.fullmatch(str(self.overlap))
        return timedelta(**{f"{match[2]}s": int(match[1])}) if match else timedelta(hours=1)

    @property
    def overlap_count(self) -> int:
        """The overlap of a cursor that counts."""
        return self.overlap if isinstance(self.overlap, int) else 0


@dataclass(frozen=True)
class Pages:
    """How an HTTP source parts its records into pages."""

    by: str = "single"
    next: str | None = None
    parameter: str | None = None
    size_parameter: str | None = None
    size: int = 100
    total: str | None = None
    most: int = 100_000


@dataclass(frozen=True)
class TableSpec:
    """One table, sheet, file pattern or address of a source, and the raw table it feeds.

    With a `query`, the source is what the query answers, and `source` its name.
    """

    source: str
    feeds: RawTable
    columns: dict[str, ColumnSpec]
    keys: tuple[str, ...] = ()
    cursor: Cursor | None = None
    notices_deletes: bool = False
    deletes_limit_percent: float = DELETES_LIMIT_PERCENT
    files: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    header_rows: int = 1
    records: str | None = None
    cursor_parameter: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    pages: Pages = field(default_factory=Pages)
    each: Each | None = None
    only: Only | None = None
    note: str = ""
    query: str | None = None

    @property
    def identifying(self) -> tuple[str, ...]:
        """The columns whose loss lets no row land: of the key, of whose rows these are."""
        if self.keys or self.only is None:
            return self.keys
        return (next(iter(self.feeds.columns)),)

    def column_of(self, name: str) -> ColumnSpec:
        """Where a contract column comes from; by its own name when nothing is declared."""
        return self.columns.get(name, ColumnSpec(name))


@dataclass(frozen=True)
class Connector:
    """One source: how to reach it and what it feeds."""

    name: str
    path: Path
    kind: str
    owner: str
    connection: dict[str, str | int]
    tables: tuple[TableSpec, ...]
    time_zone: str = "UTC"
    schema_policy: str = QUARANTINE
    expected_hours: float | None = None
    encoding: str = "auto"
    delimiter: str | None = None
    quote: str = '"'
    sha256: str = ""

    def resolve(self, place: str) -> Path:
        """A path named in the file, relative to the folder the file lies in."""
        return (self.path.parent / Path(place).expanduser()).resolve()
