"""Write the files the source systems hand out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from aftersales.demo import engine, horizon
from aftersales.demo.defects import UNDECODABLE_MARK, Defect, defects_of
from aftersales.demo.defects.planting import keyed_query, planted_fields, planted_query
from aftersales.demo.horizon import Extract
from aftersales.demo.legacy.writer import STORE_TABLES, LegacyWriter

TABLES: tuple[tuple[str, str], ...] = (
    ("dms", "stores"),
    ("dms", "bays"),
    ("dms", "technicians"),
    ("dms", "advisors"),
    ("dms", "service_items"),
    ("dms", "customers"),
    ("dms", "vehicles"),
    ("dms", "appointments"),
    ("dms", "repair_orders"),
    ("dms", "ro_status_events"),
    ("dms", "labour_lines"),
    ("dms", "part_lines"),
    ("dms", "bay_occupancy"),
    ("dms", "clock_events"),
    ("crm", "customers"),
    ("crm", "vehicles"),
    ("crm", "surveys"),
    ("crm", "complaints"),
    ("finance", "customers"),
    ("finance", "targets"),
    ("finance", "cost_lines"),
    ("finance", "revenue_lines"),
    ("parts", "master"),
    ("parts", "stock"),
    ("parts", "movements"),
)
TEXT_SYSTEMS = frozenset({"crm", "finance"})
PARQUET_OPTIONS = "format parquet, compression snappy, row_group_size 122880"
TEXT_OPTIONS = "format csv, header false, quote '', escape '', delimiter e'\\x01'"
ORDER = "order by _sort, _sort_2, _copy"


@dataclass(frozen=True)
class RawFile:
    """One file of an extract: where its rows come from and where they go."""

    system: str
    table: str
    extract: str
    query: str
    columns: dict[str, str]
    path: Path

    @property
    def is_text(self) -> bool:
        """Tell whether the file holds text lines rather than typed columns."""
        return self.system in TEXT_SYSTEMS

    @property
    def shown(self) -> dict[str, str]:
        """Give the columns that reach the file (no leading `_`) with their types in it."""
        return {
            name: "varchar" if self.is_text else kind
            for name, kind in self.columns.items()
            if not name.startswith("_")
        }


def file_path(sources: Path, system: str, table: str, extract: str) -> Path:
    """Give the place of one file: typed systems hand out parquet, the others text."""
    suffix = "csv" if system in TEXT_SYSTEMS else "parquet"
    return sources / system / table / f"{extract}.{suffix}"


class ExtractWriter:
    """Writes extract after extract into a folder of sources."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sources: Path,
        *,
        defects: bool,
        legacy: LegacyWriter | None = None,
    ) -> None:
        """Prepare the folders; `defects` tells whether to plant any.

        `legacy` gets the records of the stores that keep them in another system.
        """
        self.legacy = legacy
        self.connection = connection
        self.sources = sources
        self.defects = defects
        self.columns: dict[tuple[str, str], dict[str, str]] = {}
        for system, table in TABLES:
            (sources / system / table).mkdir(parents=True, exist_ok=True)

    def write(self, extract: Extract, *, keep: bool = False) -> int:
        """Write the files of one extract and give the number of rows.

        With `keep` the files stay as they are; only their planted rows are noted once more.
        """
        start = horizon.day_number(extract.from_on) * 86400
        engine.set_variables(
            self.connection,
            from_s=-(10**9) if extract.is_first else start,
            until_s=(horizon.day_number(extract.to_on) + 1) * 86400,
        )
        rows = 0
        for system, table in TABLES:
            rows += self._write_file(self._raw_file(system, table, extract.name), keep=keep)
        if self.legacy is not None and not keep:
            rows += self.legacy.write(extract.name)
        return rows

    def _raw_file(self, system: str, table: str, extract: str) -> RawFile:
        """Describe one file of an extract."""
        query = engine.sql_text(f"extracts/{system}/{table}.sql")
        if (system, table) not in self.columns:
            described = self.connection.execute(f"describe {query}").fetchall()
            self.columns[system, table] = {str(row[0]): str(row[1]) for row in described}
        path = file_path(self.sources, system, table, extract)
        return RawFile(system, table, extract, query, self.columns[system, table], path)

    def _write_file(self, file: RawFile, *, keep: bool) -> int:
        """Write one file, with its defects where there are any to plant."""
        shown = file.shown
        names = list(shown)
        defects = defects_of(file.system, file.table) if self.defects else []
        query = f"select *, 0 as _copy, null::integer as _defect from ({file.query}) as extract"
        fields = ", ".join(names)
        if file.is_text:
            query = _as_text(query, names)
            fields = _as_line(names)
        has_world_defects = self.defects and "_planted" in file.columns
        if defects or has_world_defects:
            planted = planted_query(query, defects, has_world_defects=has_world_defects)
            self.connection.execute(f"create or replace temp table planted_rows as {planted}")
            self.connection.execute(keyed_query(file, defects))
            query = planted_fields(shown, defects)
            if file.is_text:
                fields = _broken_line(names, defects)
        if keep:
            return 0
        if self.legacy is not None and file.system == "dms" and file.table in STORE_TABLES:
            query = self.legacy.take(file.table, query, names)
        if file.is_text:
            return self._copy_text(file, query, fields, names)
        return self._copy(f"select {fields} from ({query}) as extract {ORDER}", file.path)

    def _copy(self, query: str, path: Path, options: str = PARQUET_OPTIONS) -> int:
        """Copy the rows of a query to a file."""
        copied = self.connection.execute(f"copy ({query}) to '{path}' ({options})").fetchone()
        return int(copied[0]) if copied else 0

    def _copy_text(self, file: RawFile, query: str, line: str, shown: list[str]) -> int:
        """Write a header line and the lines of a text file."""
        lines = (
            f"select '{','.join(shown)}' as line, -1::bigint as _sort, 0 as _sort_2, 0 as _copy "
            f"union all select {line}, _sort::bigint, _sort_2, _copy from ({query}) as extract"
        )
        rows = self._copy(f"select line from ({lines}) as lines {ORDER}", file.path, TEXT_OPTIONS)
        content = file.path.read_bytes()
        mark = UNDECODABLE_MARK.encode()
        if mark in content:
            file.path.write_bytes(content.replace(mark, b"\xff\xfe"))
        return rows - 1


def _as_text(query: str, shown: list[str]) -> str:
    """Give the query with every column of the file as text."""
    casts = ", ".join(f"{column}::varchar as {column}" for column in shown)
    return f"select {casts}, columns('^_') from ({query}) as typed"


def _as_line(shown: list[str]) -> str:
    """Give the SQL of a text line: fields parted by commas, empty for null."""
    return "concat_ws(',', " + ", ".join(f"coalesce({column}, '')" for column in shown) + ")"


def _broken_line(shown: list[str], defects: list[Defect]) -> str:
    """Give the SQL of a text line that is broken where a line defect is planted."""
    whole = _as_line(shown)
    broken = [
        f"when {number} then {defect.line.replace('line', whole, 1)}"
        for number, defect in enumerate(defects)
        if defect.line is not None
    ]
    return f"case _defect {' '.join(broken)} else {whole} end" if broken else whole
