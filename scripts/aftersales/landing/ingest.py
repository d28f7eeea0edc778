"""Landing of everything that has not landed yet: handed-out files, and declared sources."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from aftersales.connectors.load import load_connectors
from aftersales.connectors.run import ConnectorsSummary, run_connectors
from aftersales.contract import RawTable, load_contract
from aftersales.errors import AftersalesError
from aftersales.files import put_in_place, temporary_name
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.corrections import land_corrections
from aftersales.landing.ledger import Batch
from aftersales.landing.readers import Lineage, ReadResult, UnreadableFileError, read_file
from aftersales.landing.rejects import rejected_file_query, rejected_rows_query, write_rejects
from aftersales.landing.sources import Landed, SourceFile, discover
from aftersales.progress import Progress
from aftersales.settings import Settings


@dataclass
class IngestSummary:
    """What a run of landing did."""

    landed: list[Batch] = field(default_factory=list)
    rejected: list[Batch] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    files_seen: int = 0
    connectors: ConnectorsSummary = field(default_factory=ConnectorsSummary)

    @property
    def rows_landed(self) -> int:
        """Rows landed in this run."""
        return sum(batch.rows_landed for batch in self.landed)

    @property
    def has_news(self) -> bool:
        """Whether anything was added to the ledger."""
        return bool(self.landed or self.rejected)

    def raise_if_stopped(self) -> None:
        """End the command when a source stopped at drift, as its policy says it should."""
        if self.connectors.stopped:
            raise AftersalesError(
                f"{', '.join(self.connectors.stopped)} stopped because its columns changed, "
                "everything else has landed: correct the connector, or the source, and run the "
                "command again."
            )

    def raise_if_incomplete(self) -> None:
        """End the command when a source could not be read."""
        self.raise_if_stopped()
        if self.connectors.problems:
            raise AftersalesError(
                f"{len(self.connectors.problems)} sources or tables could not be read, everything "
                "else has landed: see the lines above, then run the command again."
            )


def ingest(
    home: Home, settings: Settings, progress: Progress, connectors_dir: Path | None = None
) -> IngestSummary:
    """Land what is new. Call it with the home's lock held."""
    contract = load_contract(settings.project_dir)
    connectors = load_connectors(connectors_dir or home.connectors, contract)
    summary = IngestSummary()
    if connectors:
        summary.connectors = run_connectors(home, settings, progress, connectors)
        summary.landed += summary.connectors.batches("landed")
        summary.rejected += summary.connectors.batches("rejected")
        summary.rejected += summary.connectors.batches("deletions")
        if not discover(home) and not home.corrections.is_file():
            return summary
    handed_out = _ingest_files(home, settings, progress, contract)
    summary.landed += handed_out.landed
    summary.rejected += handed_out.rejected
    summary.unreadable += handed_out.unreadable
    summary.files_seen = handed_out.files_seen
    return summary


def _ingest_files(
    home: Home, settings: Settings, progress: Progress, contract: dict[tuple[str, str], RawTable]
) -> IngestSummary:
    summary = IngestSummary()
    with progress.step("Land source files") as step, _connect(home, settings) as connection:
        lander = _Lander(connection, home, contract)
        files = discover(home)
        summary.files_seen = len(files)
        for position, file in enumerate(files, start=1):
            step.update(f"{position} of {len(files)}, {file.relative_name}")
            try:
                batch = lander.land(file)
            except OSError as error:
                summary.unreadable.append(f"{file.relative_name}: {error.strerror}")
                continue
            if batch is not None:
                is_landed = batch.status == ledger.LANDED
                (summary.landed if is_landed else summary.rejected).append(batch)
        summary.landed += land_corrections(home, connection)
        step.result = f"{len(summary.landed)} batches, {summary.rows_landed:,} rows"
    _report(summary, progress)
    return summary


def _report(summary: IngestSummary, progress: Progress) -> None:
    for batch in summary.rejected:
        progress.warn(
            f"Rejected the file {batch.source_file}: the reason is in "
            f"rejects/{batch.system}/{batch.table}/{batch.batch_id}.parquet."
        )
    partly = [batch for batch in summary.landed if batch.rows_rejected]
    if partly:
        worst = max(partly, key=lambda batch: batch.rows_rejected)
        progress.warn(
            f"Rejected {sum(batch.rows_rejected for batch in partly):,} rows of {len(partly)} "
            f"files, most ({worst.rows_rejected:,}) of {worst.source_file}: row, column and reason "
            f"are in rejects/{worst.system}/{worst.table}/{worst.batch_id}.parquet and its like."
        )
    for problem in summary.unreadable:
        progress.warn(f"Could not open {problem}; it is tried again next time.")


def _connect(home: Home, settings: Settings) -> duckdb.DuckDBPyConnection:
    scratch = home.work / "duckdb"
    scratch.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(
        ":memory:",
        config={"memory_limit": settings.memory_limit, "temp_directory": str(scratch)},
    )


class _Lander:
    """Lands one file after the other, remembering what it has landed."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: Home,
        contract: dict[tuple[str, str], RawTable],
    ) -> None:
        self._connection = connection
        self._home = home
        self._contract = contract
        self._landed = Landed(ledger.load(home))
        self._loaded_at = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "seconds")

    def land(self, file: SourceFile) -> Batch | None:
        """Land one file; give its batch, or nothing when its content is already there."""
        if self._landed.holds_unchanged(file):
            return None
        state = file.path.stat()
        sha256 = file.sha256()
        if self._landed.holds_content(file, sha256):
            return None
        batch_id = self._landed.next_batch_id(file)
        result = self._write_batch(file, batch_id)
        batch = Batch(
            system=file.system,
            table=file.table,
            batch_id=batch_id,
            extract=file.extract,
            extract_on=file.extract_on.isoformat() if file.extract_on else None,
            source_file=file.relative_name,
            content_sha256=sha256,
            source_bytes=state.st_size,
            source_modified_ns=state.st_mtime_ns,
            status=ledger.REJECTED if result is None else ledger.LANDED,
            rows_landed=0 if result is None else result.rows_landed,
            rows_rejected=1 if result is None else result.rows_rejected,
            landed_at=self._loaded_at,
        )
        ledger.record(self._home, batch)
        self._landed.add(batch)
        return batch

    def _write_batch(self, file: SourceFile, batch_id: str) -> ReadResult | None:
        """Write rows and rejects; nothing comes back when the whole file is rejected."""
        target = self._home.landing / file.system / file.table / f"{batch_id}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_name(target)
        try:
            table = self._expected_table(file)
            lineage = Lineage(file.relative_name, batch_id, self._loaded_at)
            result = read_file(self._connection, file, table, lineage, temporary)
        except UnreadableFileError as error:
            temporary.unlink(missing_ok=True)
            query = rejected_file_query(file.relative_name, error.reason, error.columns)
            self._write_rejects(file, batch_id, query)
            return None
        if result.rows_rejected:
            self._write_rejects(file, batch_id, rejected_rows_query(file.relative_name))
        put_in_place(temporary, target)
        return result

    def _write_rejects(self, file: SourceFile, batch_id: str, query: str) -> None:
        write_rejects(self._connection, self._home, file.system, file.table, batch_id, query)

    def _expected_table(self, file: SourceFile) -> RawTable:
        if file.extract_on is None:
            raise UnreadableFileError("the file's name is not an extract (YYYY-MM or YYYY-MM-DD)")
        table = self._contract.get((file.system, file.table))
        if table is None:
            raise UnreadableFileError("the raw contract has no such table")
        return table
