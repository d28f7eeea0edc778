"""`connect check`: a connector run on a sample of its source, without landing anything."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import yaml

from aftersales.connect import findings, knowledge
from aftersales.connect.checked import Checked, Report
from aftersales.connect.needs import needed_columns
from aftersales.connectors import databases
from aftersales.connectors.engine import connect
from aftersales.connectors.extract import Extract
from aftersales.connectors.files import Fingerprint, find_files
from aftersales.connectors.load import load_connector
from aftersales.connectors.mapping import BAD_COLUMN, map_columns
from aftersales.connectors.readers import FileReader
from aftersales.connectors.rows import prepared
from aftersales.connectors.secrets import Secrets, SourceError
from aftersales.connectors.spec import DATABASE_KINDS, FILE_KINDS, Connector, TableSpec
from aftersales.contract import load_contract
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.landing.readers import UnreadableFileError
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import identifier


def check_connector(
    home: Home, settings: Settings, progress: Progress, path: Path, sample_rows: int | None = None
) -> Report:
    """Check a connector file against its source. Call it with the home's lock held."""
    if not path.is_file():
        raise AftersalesError(
            f"There is no connector {path}: write it, or let `aftersales connect new {path.stem}` "
            "propose one."
        )
    report = Report(path)
    contract = load_contract(settings.project_dir)
    connector = load_connector(path, contract, _without_todos(path, report))
    if connector.kind not in DATABASE_KINDS | FILE_KINDS:
        raise AftersalesError(
            f"{path}: kind {connector.kind} cannot be sampled: land it with `aftersales ingest` "
            "and look at the rejects."
        )
    _check_needs(connector, needed_columns(settings.project_dir), report)
    work = home.work / "connect"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with connect(home, settings) as engine:
        limits = knowledge.teach_facts(engine, settings.project_dir, contract)
        rows = sample_rows or limits.count("sample_rows")
        with progress.step(f"Map a sample of {connector.name} ({connector.kind})") as step:
            _Sampler(engine, connector, rows, work, report).take_all()
            step.result = f"{sum(one.rows for one in report.tables):,} rows, none landed"
        findings.judge(engine, report, limits, knowledge.natural_keys(settings.project_dir))
    shutil.rmtree(work)
    return report


def _without_todos(path: Path, report: Report) -> str:
    """The file as it would read with every todo left open: all of them are told at once."""
    text = path.read_text(encoding="utf-8")
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    tables = document.get("tables") if isinstance(document, dict) else None
    for table in tables if isinstance(tables, list) else []:
        columns = table.get("columns") if isinstance(table, dict) else None
        for name, column in columns.items() if isinstance(columns, dict) else ():
            if isinstance(column, dict) and "todo" in column:
                todo = column.pop("todo")
                feeds = str(table.get("feeds"))
                raw = feeds if "." in feeds else f"{document.get('system')}.{feeds}"
                report.undecided.add(f"{raw}.{name}")
                report.error(
                    f"{raw}.{name} is undecided ({todo}): decide it in {path.name} and remove todo."
                )
                if not {"from", "constant", "values"} & set(column):
                    column["absent"] = True
    if not report.undecided:
        return text
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))


def _check_needs(connector: Connector, needed: dict[str, frozenset[str]], report: Report) -> None:
    for table in connector.tables:
        raw = f"{table.feeds.system}.{table.feeds.name}"
        for column in sorted(needed.get(raw, frozenset())):
            is_undecided = f"{raw}.{column}" in report.undecided
            if table.column_of(column).is_absent and not is_undecided:
                report.error(
                    f"{raw}.{column} is declared absent, and rows without it are set aside: name "
                    "the column it comes from, or a constant that is true of all of them."
                )


@dataclass
class _Sampler:
    engine: duckdb.DuckDBPyConnection
    connector: Connector
    rows: int
    work: Path
    report: Report

    def take_all(self) -> None:
        secrets = Secrets(self.connector)
        try:
            with secrets.kept():
                if self.connector.kind in DATABASE_KINDS:
                    self._take_database(secrets)
                else:
                    self._take_files()
        except SourceError as error:
            raise AftersalesError(
                f"{self.connector.name} cannot be read: {secrets.redact(str(error))}: correct the "
                "connection, or ask who owns the source."
            ) from None

    def _take_database(self, secrets: Secrets) -> None:
        with databases.attached(self.engine, self.connector, secrets) as database:
            for table in self.connector.tables:
                try:
                    self._map(table, table.source, database.extract(table, None))
                except databases.MissingTableError as error:
                    self.report.error(
                        f"{table.source}: {error}: correct from, or leave the table out."
                    )

    def _take_files(self) -> None:
        for table in self.connector.tables:
            try:
                for name, extract, is_only in self._parts(table):
                    self._map(table, name, extract, is_only=is_only)
            except UnreadableFileError as error:
                columns = f" ({error.columns})" if error.columns else ""
                self.report.error(
                    f"{table.source}: {error.reason}{columns}: correct the columns or the file."
                )

    def _parts(self, table: TableSpec) -> Iterator[tuple[str, Extract, bool]]:
        """The newest file of a table, and whether it is the only one."""
        files = find_files(self.connector, table)[0]
        if not files:
            self.report.error(f"{table.source}: no file has such a name: correct files.")
            return
        reader = FileReader(self.engine, self.connector, self.work)
        for name, read in reader.parts(table, files[-1], Fingerprint.of(files[-1].path)):
            extract = prepared(self.engine, table, read())
            yield name.partition("/")[2], extract, len(files) == 1

    def _map(self, table: TableSpec, name: str, extract: Extract, *, is_only: bool = True) -> None:
        limited = f"(select * from {extract.relation} limit {self.rows})"
        extract = replace(extract, relation=limited)
        mapping = map_columns(self.connector, table, extract, frozenset())
        for column, source in mapping.missing:
            self.report.error(
                f"{name} has no column {source}, which is to feed {column}: name another, or "
                "declare it absent."
            )
        number = len(self.report.tables)
        self.engine.execute(
            f"create or replace temporary table mapped_{number} as select "
            f"{mapping.select_list()}, {mapping.judgement()} from {extract.relation}"
        )
        counted: Any = self.engine.execute(
            f"select count(*), count({BAD_COLUMN}) from mapped_{number}"
        ).fetchone()
        self.report.tables.append(
            Checked(number, name, table, counted[0], counted[1] + extract.rows_rejected,
                    is_only and counted[0] < self.rows)
        )  # fmt: skip
        self._gather_cells(number, table)

    def _gather_cells(self, number: int, table: TableSpec) -> None:
        self.engine.execute(
            "create temporary table if not exists mapped_cells (table_number integer, "
            "raw_table varchar, column_name varchar, value varchar, times bigint)"
        )
        listed = ", ".join(
            f"cast({identifier(name)} as varchar) as {identifier(name)}"
            for name in table.feeds.columns
        )
        self.engine.execute(
            f"insert into mapped_cells select {number}, "
            f"'{table.feeds.system}.{table.feeds.name}', column_name, trim(value), count(*) from ("
            f"unpivot (select {listed} from mapped_{number} where {BAD_COLUMN} is null) "
            "on columns(*) into name column_name value value) where trim(value) <> '' group by all"
        )
