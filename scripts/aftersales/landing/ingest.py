"""Landing of every source file that has not landed yet."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb

from aftersales.contract import RawTable, load_contract
from aftersales.files import put_in_place, temporary_name
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.corrections import land_corrections
from aftersales.landing.ledger import Batch
from aftersales.landing.readers import Lineage, ReadResult, UnreadableFileError, read_file
from aftersales.landing.sources import Landed, SourceFile, discover
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import literal

REJECT_COLUMNS = {
    "source_file": "varchar",
    "row_number": "bigint",
    "column_name": "varchar",
    "reason": "varchar",
    "raw_text": "varchar",
}


@dataclass
class IngestSummary:
    """What a run of landing did."""

    landed: list[Batch] = field(default_factory=list)
    rejected: list[Batch] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    files_seen: int = 0

    @property
    def rows_landed(self) -> int:
        """Rows landed in this run."""
        return sum(batch.rows_landed for batch in self.landed)

    @property
    def has_news(self) -> bool:
        """Whether anything was added to the ledger."""
        return bool(self.landed or self.rejected)


def ingest(home: Home, settings: Settings, progress: Progress) -> IngestSummary:
    """Land what is new. Call it with the home's lock held."""
    contract = load_contract(settings.project_dir)
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
            self._write_rejects(file, batch_id, _rejected_file_query(file, error))
            return None
        if result.rows_rejected:
            self._write_rejects(file, batch_id, _rejected_rows_query(file))
        put_in_place(temporary, target)
        return result

    def _write_rejects(self, file: SourceFile, batch_id: str, query: str) -> None:
        target = self._home.rejects / file.system / file.table / f"{batch_id}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_name(target)
        self._connection.execute(f"copy ({query}) to {literal(temporary)} (format parquet)")
        put_in_place(temporary, target)

    def _expected_table(self, file: SourceFile) -> RawTable:
        if file.extract_on is None:
            raise UnreadableFileError("the file's name is not an extract (YYYY-MM or YYYY-MM-DD)")
        table = self._contract.get((file.system, file.table))
        if table is None:
            raise UnreadableFileError("the raw contract has no such table")
        return table


def _rejected_rows_query(file: SourceFile) -> str:
    return (
        f"select {literal(file.relative_name)} as source_file, row_number, column_name, reason, "
        "raw_text from rejected_rows order by row_number"
    )


def _rejected_file_query(file: SourceFile, error: UnreadableFileError) -> str:
    names = "null" if error.columns is None else literal(error.columns)
    values = (literal(file.relative_name), "null", names, literal(error.reason), "null")
    return "select " + ", ".join(
        f"cast({value} as {kind}) as {name}"
        for value, (name, kind) in zip(values, REJECT_COLUMNS.items(), strict=True)
    )
