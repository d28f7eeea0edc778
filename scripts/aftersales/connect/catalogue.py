"""The tables of a source nobody has described yet: found, and a bounded sample of each taken."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from aftersales.connectors import databases, excel
from aftersales.connectors.extract import Extract
from aftersales.connectors.files import Fingerprint, FoundFile, find_files
from aftersales.connectors.readers import FileReader
from aftersales.connectors.secrets import Secrets, SourceError
from aftersales.connectors.spec import DATABASE_KINDS, FILE_KINDS, Connector, TableSpec
from aftersales.contract import RawTable
from aftersales.errors import AftersalesError
from aftersales.landing.readers import UnreadableFileError
from aftersales.sql import identifier, literal

PATTERNS = {
    "csv": ("*.csv", "*.tsv", "*.txt", "*.csv.gz"),
    "excel": ("*.xlsx", "*.xls", "*.xlsb", "*.ods"),
    "jsonl": ("*.jsonl", "*.ndjson", "*.jsonl.gz"),
    "parquet": ("*.parquet",),
}
_DAY = re.compile(r"[-_ ]?20\d{2}[-_.年]?\d{0,2}[-_.月]?\d{0,2}日?")
_SYSTEM_SCHEMAS = (
    "information_schema", "pg_catalog", "pg_toast", "mysql", "performance_schema", "sys",
)  # fmt: skip


@dataclass(frozen=True)
class FoundTable:
    """A table, a group of files or a sheet: how a connector would name it, and its columns."""

    number: int
    name: str
    declared: dict[str, str]
    columns: dict[str, str]
    rows: int
    is_whole: bool
    notes: tuple[str, ...] = ()

    @property
    def sample(self) -> str:
        """The relation that holds its sample, every value as text."""
        return f"sample_{self.number}"


def read_catalogue(
    engine: duckdb.DuckDBPyConnection,
    connector: Connector,
    sample_rows: int,
    work: Path,
    update: Callable[[str], None],
) -> tuple[list[FoundTable], list[str]]:
    """Sample every table; what cannot be read is told and stops nothing."""
    secrets = Secrets(connector)
    found: list[FoundTable] = []
    problems: list[str] = []
    sampler = _Sampler(engine, sample_rows, found)
    try:
        with secrets.kept():
            if connector.kind in DATABASE_KINDS:
                _read_database(engine, connector, secrets, sampler, update)
            elif connector.kind in FILE_KINDS:
                problems = _read_files(engine, connector, work, sampler, update)
    except SourceError as error:
        raise AftersalesError(
            f"{connector.name} cannot be read: {secrets.redact(str(error))}: correct the options, "
            "or ask who owns the source for a user that may read it."
        ) from None
    if not found:
        raise AftersalesError(
            f"{connector.name} has no table that could be read"
            + (f" ({'; '.join(problems)})" if problems else "")
            + ": check the path, the schema and the kind."
        )
    return found, problems


@dataclass
class _Sampler:
    engine: duckdb.DuckDBPyConnection
    rows: int
    found: list[FoundTable]

    def take(self, name: str, declared: dict[str, str], extract: Extract) -> None:
        number = len(self.found)
        listed = ", ".join(
            f"cast({identifier(column)} as varchar) as {identifier(column)}"
            for column in extract.columns
        )
        self.engine.execute(
            f"create or replace temporary table sample_{number} as "
            f"select {listed} from {extract.relation} limit {self.rows}"
        )
        counted = self.engine.execute(f"select count(*) from sample_{number}").fetchone()
        rows = int(counted[0]) if counted else 0
        self.found.append(
            FoundTable(
                number, name, declared, extract.known_types, rows, rows < self.rows,
                tuple(extract.notes),
            )
        )  # fmt: skip


def _read_database(
    engine: duckdb.DuckDBPyConnection,
    connector: Connector,
    secrets: Secrets,
    sampler: _Sampler,
    update: Callable[[str], None],
) -> None:
    with databases.attached(engine, connector, secrets) as database:
        for name in _table_names(engine, connector, database.database_name):
            update(name)
            spec = TableSpec(name, RawTable("", name, {}), {})
            sampler.take(name, {"from": name}, database.extract(spec, None))


def _table_names(
    engine: duckdb.DuckDBPyConnection, connector: Connector, database_name: str
) -> list[str]:
    default = {"postgresql": "public", "mysql": database_name, "mariadb": database_name}.get(
        connector.kind, "main"
    )
    only = connector.connection.get("schema")
    if connector.kind in {"mysql", "mariadb"}:
        only = database_name
    hidden = ", ".join(literal(one) for one in _SYSTEM_SCHEMAS)
    found = engine.execute(
        "select table_schema, table_name from information_schema.tables "
        f"where table_catalog = 'source' and table_schema not in ({hidden}) order by all"
    ).fetchall()
    return [
        table if schema == (only or default) else f"{schema}.{table}"
        for schema, table in found
        if only is None or schema == only
    ]


def _read_files(
    engine: duckdb.DuckDBPyConnection,
    connector: Connector,
    work: Path,
    sampler: _Sampler,
    update: Callable[[str], None],
) -> list[str]:
    reader = FileReader(engine, connector, work)
    problems = []
    for pattern, file in _newest_of_each_group(connector):
        update(file.name)
        try:
            for name, declared, extract in _parts(reader, connector, pattern, file):
                sampler.take(name, declared, extract)
        except UnreadableFileError as error:
            problems.append(f"{file.name}: {error.reason}")
    return problems


def _newest_of_each_group(connector: Connector) -> list[tuple[str, FoundFile]]:
    """Files that differ by a day in their name are one table; the last of them is looked at."""
    groups: dict[str, FoundFile] = {}
    for pattern in PATTERNS[connector.kind]:
        spec = TableSpec(pattern, RawTable("", "", {}), {}, files=f"**/{pattern}")
        for file in find_files(connector, spec)[0]:
            if not file.name.endswith(pattern[1:]):
                continue
            groups[_group_of(file.name, pattern[1:])] = file
    return sorted(groups.items())


def _group_of(name: str, ending: str) -> str:
    """The pattern of a file and of those that differ from it by the day in their name alone."""
    folder, slash, file = name.removesuffix(ending).rpartition("/")
    return folder + slash + re.sub(r"\*+", "*", _DAY.sub("*", file, count=1)) + ending


def _parts(
    reader: FileReader, connector: Connector, pattern: str, file: FoundFile
) -> Iterator[tuple[str, dict[str, str], Extract]]:
    plain = Path(pattern).stem.strip("*_- ") or Path(pattern).parent.name or pattern
    fingerprint = Fingerprint.of(file.path)
    sheets: list[str | None] = [None]
    if connector.kind == "excel":
        sheets = list(excel.open_workbook(file.path).sheets)
    for sheet in sheets:
        spec = TableSpec(pattern, RawTable("", plain, {}, True), {}, files=pattern, sheet=sheet)
        declared = {"files": pattern}
        if sheet is not None:
            declared["sheet"] = sheet
        for _, read in reader.parts(spec, file, fingerprint):
            yield (sheet if sheet and len(sheets) > 1 else plain), declared, read()
