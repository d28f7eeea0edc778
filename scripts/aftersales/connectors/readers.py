"""Extracts from files, sheets and lines of JSON."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from aftersales.connectors import excel
from aftersales.connectors.extract import Extract
from aftersales.connectors.files import Fingerprint, FoundFile
from aftersales.connectors.spec import Connector, TableSpec, each_name
from aftersales.connectors.text import MOST_COLUMNS, checked_names, find_header, plain_text, remove
from aftersales.landing.delimited import Dialect, copy_delimited, copy_rows
from aftersales.landing.readers import UnreadableFileError
from aftersales.landing.rejects import REJECT_COLUMNS
from aftersales.sql import identifier, literal

_LINE = "line"
_NO_QUOTE = ""


class FileReader:
    """Reads the files of one connector into a work folder."""

    def __init__(
        self, engine: duckdb.DuckDBPyConnection, connector: Connector, folder: Path
    ) -> None:
        """Remember where to read and where to put what is half done."""
        self._engine = engine
        self._connector = connector
        self._folder = folder

    def parts(
        self, table: TableSpec, file: FoundFile, fingerprint: Fingerprint
    ) -> list[tuple[str, Callable[[], Extract]]]:
        """The parts of a file by name, each with what reads it: the file, or each chosen sheet."""
        name = f"{self._connector.name}/{file.name}"
        if self._connector.kind == "excel":
            workbook = excel.open_workbook(file.path)
            return [
                (f"{name}#{sheet}", partial(self._sheet, table, workbook, f"{name}#{sheet}", sheet))
                for sheet in excel.chosen_sheets(workbook, table.sheet)
            ]
        if self._connector.kind == "parquet":
            return [(name, partial(self._parquet, file, name))]
        if self._connector.kind == "jsonl":
            return [(name, partial(self._json_file, file, name, fingerprint))]
        return [(name, partial(self._delimited, table, file, name, fingerprint))]

    def _json_file(self, file: FoundFile, name: str, fingerprint: Fingerprint) -> Extract:
        text = plain_text(file, self._connector.encoding, fingerprint, self._folder)
        return self.json_lines(text.path, name, text.notes)

    def _delimited(
        self, table: TableSpec, file: FoundFile, name: str, fingerprint: Fingerprint
    ) -> Extract:
        text = plain_text(file, self._connector.encoding, fingerprint, self._folder)
        header = find_header(
            text,
            wanted_names(table),
            self._connector.delimiter,
            self._connector.quote,
            table.header_row,
        )
        rows = self._folder / "rows.parquet"
        _, rejected = copy_delimited(
            self._engine, text.path, header.names, header.dialect, _numbered, rows
        )
        if fingerprint.has_open_quote:
            rejected += self._reject_open_quote(rows, header.names)
        return _of_rows(name, rows, header.names, rejected, text.notes)

    def _reject_open_quote(self, rows: Path, names: list[str]) -> int:
        """Reject a last record that goes over lines: its quote was never closed, the rest is in it.

        Only asked for when the quotes of a file do not pair.
        """
        breaks = " or ".join(f"contains({identifier(name)}, chr(10))" for name in names)
        row = ", ".join(f"{literal(name)}, {identifier(name)}" for name in names)
        found = self._engine.execute(
            f"select _row_number from read_parquet({literal(rows)}) where ({breaks}) "
            f"and _row_number = (select max(_row_number) from read_parquet({literal(rows)}))"
        ).fetchone()
        if found is None:
            return 0
        self._engine.execute(
            "insert into rejected_rows (row_number, column_name, reason, raw_text) "
            "select _row_number, null, 'a quote that is never closed: the lines after it are part "
            f"of this row', left(cast(json_object({row}) as varchar), 100000) "
            f"from read_parquet({literal(rows)}) where _row_number = {found[0]}"
        )
        kept = rows.with_suffix(".kept")
        copy_rows(
            self._engine,
            f"select * from read_parquet({literal(rows)}) where _row_number <> {found[0]}",
            kept,
        )
        kept.replace(rows)
        return 1

    def _sheet(
        self, table: TableSpec, workbook: excel.Workbook, name: str, sheet_name: str
    ) -> Extract:
        written, rows = self._folder / "sheet.csv", self._folder / "rows.parquet"
        sheet = excel.write_sheet(
            workbook, sheet_name, wanted_names(table), table.header_row, table.header_rows, written
        )
        if written.stat().st_size:
            copy_delimited(
                self._engine,
                written,
                ["_sheet_row", *sheet.names],
                Dialect(has_header=False),
                lambda _: 'cast("_sheet_row" as bigint) as _row_number',
                rows,
            )
        else:
            empty = ", ".join(f"'' as {identifier(one)}" for one in sheet.names)
            query = f"select {empty}, 0::bigint as _row_number where false"
            self._engine.execute(f"copy ({query}) to {literal(rows)} (format parquet)")
        self._add_rejects(sheet.rejects)
        return _of_rows(name, rows, sheet.names, self._rejected(), sheet.notes, workbook.epoch)

    def _parquet(self, file: FoundFile, name: str) -> Extract:
        link = self._folder / "file.parquet"
        remove(link)
        link.symlink_to(file.path)
        scan = f"read_parquet({literal(link)}, file_row_number = true)"
        described = self._engine.execute(f"describe select * from {scan}").fetchall()
        columns = {str(row[0]): str(row[1]) for row in described if row[0] != "file_row_number"}
        checked_names(list(columns))
        self._clear_rejects()
        return Extract(name, scan, columns, "file_row_number + 1")

    def json_lines(self, path: Path, name: str, notes: list[str]) -> Extract:
        """The objects of a file of JSON lines, each key a column of text."""
        rows, objects = self._folder / "lines.parquet", self._folder / "objects.parquet"
        dialect = Dialect("\x01", _NO_QUOTE, has_header=False)
        copy_delimited(self._engine, path, [_LINE], dialect, _numbered, rows)
        lines = f"(select * from read_parquet({literal(rows)}) where trim({_LINE}) <> '')"
        # A case, since both sides of an "and" are worked out, and a broken line has no type.
        is_object = f"coalesce(case when json_valid({_LINE}) then json_type({_LINE}) end, '')"
        self._engine.execute(
            "insert into rejected_rows (row_number, column_name, reason, raw_text) "
            f"select _row_number, null, 'not a JSON object', left({_LINE}, 32767) "
            f"from {lines} where {is_object} <> 'OBJECT'"
        )
        copy_rows(self._engine, f"select * from {lines} where {is_object} = 'OBJECT'", objects)
        found = self._engine.execute(
            f"select key from (select unnest(json_keys({_LINE})) as key, _row_number "
            f"from read_parquet({literal(objects)})) group by key order by min(_row_number), key"
        ).fetchall()
        names = [str(row[0]) for row in found]
        if not names:
            raise UnreadableFileError("no line of it is a JSON object with a key")
        if len(names) > MOST_COLUMNS:
            raise UnreadableFileError(f"{len(names):,} keys: more than {MOST_COLUMNS:,}")
        checked_names(names)
        columns = ", ".join(
            f"json_extract_string({_LINE}, {literal(_pointer(one))}) as {identifier(one)}"
            for one in names
        )
        relation = f"(select {columns}, _row_number from read_parquet({literal(objects)}))"
        return Extract(
            name,
            relation,
            dict.fromkeys(names, "VARCHAR"),
            "_row_number",
            self._rejected(),
            notes=notes,
        )

    def _clear_rejects(self) -> None:
        columns = ", ".join(f"{name} {kind}" for name, kind in REJECT_COLUMNS.items())
        self._engine.execute(f"create or replace temporary table rejected_rows ({columns})")

    def _add_rejects(self, rejects: list[tuple[int, str, str, str]]) -> None:
        self._clear_rejects()
        for reject in rejects:
            self._engine.execute(
                "insert into rejected_rows (row_number, column_name, reason, raw_text) "
                "values (?, ?, ?, ?)",
                reject,
            )

    def _rejected(self) -> int:
        row = self._engine.execute("select count(*) from rejected_rows").fetchone()
        return int(row[0]) if row else 0


def wanted_names(table: TableSpec) -> list[str]:
    """The source's names of the columns that the raw table needs."""
    listed = [one for name in table.feeds.columns for one in table.column_of(name).sources]
    if table.each is not None:
        made = {each_name(name) for name in table.each.columns}
        listed = [*(one for one in listed if one not in made), *table.each.moments]
    return listed


def _numbered(number: str) -> str:
    return f"cast({number} as bigint) as _row_number"


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _of_rows(
    name: str,
    rows: Path,
    names: list[str],
    rejected: int,
    notes: list[str],
    epoch: str | None = None,
) -> Extract:
    return Extract(
        name,
        f"read_parquet({literal(rows)})",
        dict.fromkeys(names, "VARCHAR"),
        "_row_number",
        rejected,
        epoch,
        notes,
    )
