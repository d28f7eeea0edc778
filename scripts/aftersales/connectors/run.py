"""All connectors of a home, one after the other; none stops the others."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import duckdb

from aftersales.connectors import databases, drift
from aftersales.connectors.databases import Database, MissingTableError
from aftersales.connectors.endangered import Lineage
from aftersales.connectors.engine import connect
from aftersales.connectors.extract import Extract
from aftersales.connectors.files import Fingerprint, FoundFile, find_files
from aftersales.connectors.http import fetch
from aftersales.connectors.load_table import Content, Outcome, TableLoader
from aftersales.connectors.readers import FileReader
from aftersales.connectors.rows import prepared
from aftersales.connectors.secrets import Secrets, SourceError
from aftersales.connectors.spec import DATABASE_KINDS, Connector, TableSpec
from aftersales.connectors.state import State
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.ledger import LANDED, Batch
from aftersales.landing.readers import UnreadableFileError
from aftersales.progress import Progress
from aftersales.settings import Settings

_CURSOR_MARGIN = timedelta(days=1)


@dataclass
class ConnectorsSummary:
    """What all connectors did."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def batches(self, kind: str) -> list[Batch]:
        """The batches of one kind: landed, rejected or deletions."""
        return [one for outcome in self.outcomes.values() for one in getattr(outcome, kind)]

    @property
    def problems(self) -> list[str]:
        """What could not be read at all."""
        return [one for outcome in self.outcomes.values() for one in outcome.problems]

    @property
    def drifts(self) -> list[drift.DriftReport]:
        """What changed in the sources."""
        return [one for outcome in self.outcomes.values() for one in outcome.drifts]

    @property
    def stopped(self) -> list[str]:
        """Connectors that stopped at a drift, as their policy says."""
        return [name for name, outcome in self.outcomes.items() if outcome.is_stopped]


def run_connectors(
    home: Home, settings: Settings, progress: Progress, connectors: list[Connector]
) -> ConnectorsSummary:
    """Land what is new in every source. Call it with the home's lock held."""
    summary = ConnectorsSummary()
    if not connectors:
        return summary
    state = State(home, ledger.load(home))
    lineage = Lineage(home, settings, progress)
    work = home.work / "connectors"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for connector in connectors:
        outcome = summary.outcomes.setdefault(connector.name, Outcome())
        with (
            progress.step(f"Land {connector.name} ({connector.kind})") as step,
            connect(home, settings) as engine,
        ):
            source = _Source(engine, home, connector, state, outcome, lineage.models_on)
            source.land(step.update)
            rows = sum(batch.rows_landed for batch in outcome.landed)
            step.result = f"{len(outcome.landed)} batches, {rows:,} rows"
    shutil.rmtree(work)
    _say(summary, connectors, state, progress)
    return summary


class _Source:
    """One connector at work."""

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        home: Home,
        connector: Connector,
        state: State,
        outcome: Outcome,
        models_on: Callable[[str, str], list[str]],
    ) -> None:
        self._engine = engine
        self._home = home
        self._connector = connector
        self._state = state
        self._outcome = outcome
        self._models_on = models_on
        self._secrets = Secrets(connector)
        self._work = home.work / "connectors"

    def land(self, update: Callable[[str], None]) -> None:
        """Land every table; what cannot be read is a problem of this source alone."""
        try:
            with self._secrets.kept():
                if self._connector.kind in DATABASE_KINDS:
                    self._land_database(update)
                elif self._connector.kind == "http":
                    self._land_feeds(update)
                else:
                    self._land_files(update)
        except SourceError as error:
            self._problem(str(error))
        except AftersalesError as error:
            self._outcome.problems.append(str(error).rstrip("."))

    def _problem(self, reason: str, table: TableSpec | None = None) -> None:
        place = f"{self._connector.name}: {table.source}" if table else self._connector.name
        self._outcome.problems.append(f"{place}: {self._secrets.redact(reason)}")

    def _loader(self, table: TableSpec) -> TableLoader:
        return TableLoader(
            self._engine,
            self._home,
            self._connector,
            table,
            self._state,
            self._outcome,
            self._models_on,
        )

    def _stop(self) -> None:
        self._outcome.is_stopped = True

    def _land_database(self, update: Callable[[str], None]) -> None:
        with databases.attached(self._engine, self._connector, self._secrets) as database:
            # Every table is looked at before any is loaded: a source that is to stop lands nothing.
            ready = [table for table in self._in_order() if self._is_loadable(database, table)]
            if self._outcome.is_stopped:
                return
            for table in ready:
                update(table.source)
                try:
                    with self._secrets.kept():
                        self._land_table(database, table)
                except SourceError as error:
                    self._problem(str(error), table)

    def _in_order(self) -> list[TableSpec]:
        """Tables with a cursor first: they tell which day the others belong to."""
        return sorted(self._connector.tables, key=lambda table: table.cursor is None)

    def _is_loadable(self, database: Database, table: TableSpec) -> bool:
        loader = self._loader(table)
        try:
            with self._secrets.kept():
                _, decision = loader.check_drift(database.extract(table, None))
        except MissingTableError:
            decision = loader.report_missing_table()
        except SourceError as error:
            self._problem(str(error), table)
            return False
        if decision.outcome == drift.STOPPED:
            self._stop()
        return decision.outcome == drift.LOADED

    def _land_table(self, database: Database, table: TableSpec) -> None:
        loader = self._loader(table)
        high = self._state.cursor_high(self._connector, table)
        whole = database.extract(table, None)
        keys_now = None
        if table.notices_deletes and self._state.landed_files(self._connector, table):
            keys_now = loader.keys_now(whole)
            if loader.revived(keys_now):
                high = None
            # Before the rows: what comes in meanwhile must not look as if it were gone.
            try:
                loader.land_deletions(keys_now)
            except SourceError as error:
                self._problem(str(error), table)
        extract = whole if high is None else database.extract(table, high)
        mapping, decision = loader.check_drift(extract)
        if decision.outcome != drift.LOADED:
            return
        guess = database.highest(table, whole) if high is None else None
        loader.land_rows(extract, mapping, recent=_recent(table, high), high_guess=guess)

    def _land_feeds(self, update: Callable[[str], None]) -> None:
        reader = FileReader(self._engine, self._connector, self._work)
        for table in self._connector.tables:
            update(table.source)
            try:
                with self._secrets.kept():
                    self._land_feed(reader, table)
            except SourceError as error:
                self._problem(str(error), table)
            if self._outcome.is_stopped:
                return

    def _land_feed(self, reader: FileReader, table: TableSpec) -> None:
        loader = self._loader(table)
        high = self._state.cursor_high(self._connector, table)
        since = None
        if high is not None and table.cursor is not None:
            start = datetime.fromisoformat(high) - table.cursor.overlap_time
            since = start.isoformat() + "Z"
        spool = self._work / "pages.jsonl"
        fetch(self._connector, table, self._secrets, since, spool)
        if not spool.stat().st_size:
            return
        try:
            lines = reader.json_lines(spool, f"{self._connector.name}/{table.source}", [])
        except UnreadableFileError as error:
            raise SourceError(error.reason) from None
        extract = prepared(self._engine, table, lines)
        mapping, decision = loader.check_drift(extract)
        if decision.outcome == drift.STOPPED:
            self._stop()
        if decision.outcome == drift.LOADED:
            loader.land_rows(extract, mapping, recent=None, high_guess=None)

    def _land_files(self, update: Callable[[str], None]) -> None:
        reader = FileReader(self._engine, self._connector, self._work)
        for table in self._connector.tables:
            files, refused = find_files(self._connector, table)
            for name, reason in refused.items():
                self._refuse(table, name, reason)
            for position, file in enumerate(files, start=1):
                update(f"{position} of {len(files)}, {file.name}")
                try:
                    with self._secrets.kept():
                        self._land_one_file(reader, table, file)
                except SourceError as error:
                    self._problem(f"{file.name}: {error}", table)
                if self._outcome.is_stopped:
                    return

    def _refuse(self, table: TableSpec, name: str, reason: str) -> None:
        """Record what is no file of this source, once."""
        full = f"{self._connector.name}/{name}"
        known = self._state.of(self._connector, table)
        if any(batch.source_file == full and batch.reason == reason for batch in known):
            return
        today = self._state.last_day(self._connector, table) or datetime.now(UTC).date()
        self._loader(table).reject_file(full, Content(), today, reason, None)

    def _land_one_file(self, reader: FileReader, table: TableSpec, file: FoundFile) -> None:
        name = f"{self._connector.name}/{file.name}"
        known = self._state.of(self._connector, table)
        of_file = [batch for batch in known if batch.source_file.partition("#")[0] == name]
        state = file.path.stat()
        if _is_complete(
            [
                batch
                for batch in of_file
                if (batch.source_bytes, batch.source_modified_ns)
                == (state.st_size, state.st_mtime_ns)
                and self._is_final(batch)
            ]
        ):
            return
        fingerprint = Fingerprint.of(file.path)
        same = [
            batch
            for batch in known
            if batch.content_sha256 == fingerprint.sha256 and self._is_final(batch)
        ]
        if _is_complete([batch for batch in same if batch in of_file]):
            return
        loader = self._loader(table)
        content = Content(fingerprint.sha256, fingerprint.size, fingerprint.modified_ns)
        twin = next((batch for batch in same if batch not in of_file), None)
        if twin is not None and twin.status == LANDED:
            reason = f"the same content has landed from {twin.source_file}"
            loader.reject_file(name, content, file.day, reason, None)
            return
        try:
            parts = reader.parts(table, file, fingerprint)
        except UnreadableFileError as error:
            loader.reject_file(name, content, file.day, error.reason, error.columns)
            return
        content = Content(content.sha256, content.size, content.modified_ns, len(parts))
        done = {batch.source_file for batch in same}
        for part_name, read in parts:
            if part_name not in done:
                self._land_part(loader, table, part_name, read, content, file)
            if self._outcome.is_stopped:
                return

    def _is_final(self, batch: Batch) -> bool:
        """A file that was rejected is read again when its connector has been changed."""
        return batch.status == LANDED or batch.connector_sha256 == self._connector.sha256

    def _land_part(
        self,
        loader: TableLoader,
        table: TableSpec,
        name: str,
        read: Callable[[], Extract],
        content: Content,
        file: FoundFile,
    ) -> None:
        try:
            extract = prepared(self._engine, table, _read(read))
        except UnreadableFileError as error:
            loader.reject_file(name, content, file.day, error.reason, error.columns)
            return
        mapping, decision = loader.check_drift(extract)
        if decision.outcome == drift.LOADED:
            loader.land_file(extract, mapping, content, file.day)
            return
        missing = ", ".join(name for name, _ in mapping.missing) or None
        reason = "columns missing from the contract" if missing else "columns changed their type"
        loader.reject_file(name, content, file.day, reason, missing)
        if decision.outcome == drift.STOPPED:
            self._stop()


def _read(read: Callable[[], Extract]) -> Extract:
    try:
        return read()
    except duckdb.Error as error:
        raise UnreadableFileError(f"unreadable file: {str(error).splitlines()[0]}") from error


def _is_complete(batches: list[Batch]) -> bool:
    return bool(batches) and len(batches) >= batches[0].parts


def _recent(table: TableSpec, high: str | None) -> str | None:
    """A condition on landed rows that everything extracted from the cursor on fulfils."""
    if high is None or table.cursor is None or table.feeds.is_text:
        return None
    if not table.column_of(table.cursor.column).sources:
        return None
    column = table.cursor.column
    if table.feeds.columns[column] == "integer":
        start = str(int(high) - table.cursor.overlap_count)
    else:
        moment = datetime.fromisoformat(high) - table.cursor.overlap_time - _CURSOR_MARGIN
        start = f"timestamp '{moment.isoformat(' ')}'"
    return f'("{column}" >= {start} or "{column}" is null)'


def _say(
    summary: ConnectorsSummary, connectors: list[Connector], state: State, progress: Progress
) -> None:
    for report in summary.drifts:
        progress.warn(report.sentence)
    for batch in summary.batches("rejected"):
        progress.warn(f"Rejected {batch.source_file}: {batch.reason}.")
    for batch in summary.batches("landed"):
        if batch.rows_rejected:
            progress.warn(
                f"Rejected {batch.rows_rejected:,} rows of {batch.source_file}: row, column and "
                f"reason are in rejects/{batch.system}/{batch.table}/{batch.batch_id}.parquet."
            )
        for note in batch.notes:
            progress.note(f"{batch.source_file}: {note}.")
    for batch in summary.batches("deletions"):
        progress.note(
            f"{batch.source_file} no longer holds {batch.rows_deleted:,} records that have landed: "
            "the next version counts them no more, and lists them in landing.deletions."
        )
    for problem in summary.problems:
        progress.warn(f"Could not read {problem}; it is tried again next time.")
    for connector in connectors:
        _say_late(connector, state, progress)


def _say_late(connector: Connector, state: State, progress: Progress) -> None:
    """Tell when a source has brought nothing for longer than it should."""
    if connector.expected_hours is None:
        return
    reached = [
        high
        for table in connector.tables
        if (high := state.cursor_high(connector, table)) and not high.lstrip("-").isdigit()
    ]
    if not reached:
        return
    newest = datetime.fromisoformat(max(reached)).replace(tzinfo=UTC)
    hours = (datetime.now(UTC) - newest).total_seconds() / 3600
    if hours > connector.expected_hours:
        progress.warn(
            f"{connector.name} is late: its newest record is {hours:,.0f} hours old, expected "
            f"within {connector.expected_hours:g}; ask {connector.owner}."
        )
