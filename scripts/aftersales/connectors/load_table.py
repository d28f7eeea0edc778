"""One extract into one immutable batch: mapped, compared with what landed, written, recorded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from aftersales.connectors import changes, drift
from aftersales.connectors.extract import Extract
from aftersales.connectors.mapping import (
    BAD_COLUMN,
    BAD_REASON,
    RAW_TEXT,
    Mapping,
    map_columns,
)
from aftersales.connectors.secrets import SourceError
from aftersales.connectors.spec import Connector, TableSpec
from aftersales.connectors.state import State
from aftersales.files import put_in_place, temporary_name
from aftersales.home import Home
from aftersales.landing import ledger
from aftersales.landing.delimited import copy_rows
from aftersales.landing.ledger import DELETIONS, LANDED, REJECTED, Batch
from aftersales.landing.readers import Lineage
from aftersales.landing.rejects import (
    REJECT_COLUMNS,
    rejected_file_query,
    rejected_rows_query,
    write_rejects,
)
from aftersales.sql import identifier, literal

_SPOOL, _KEYS = "spool.parquet", "keys.parquet"


class SourceStoppedError(Exception):
    """Drift in a source whose policy is to stop."""


@dataclass(frozen=True)
class Content:
    """What tells a file from another; of a table there is nothing of the kind."""

    sha256: str = ""
    size: int = 0
    modified_ns: int = 0
    parts: int = 1


@dataclass
class Outcome:
    """What came of the extracts of one connector."""

    landed: list[Batch] = field(default_factory=list)
    rejected: list[Batch] = field(default_factory=list)
    deletions: list[Batch] = field(default_factory=list)
    drifts: list[drift.DriftReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_stopped: bool = False

    @property
    def batches(self) -> list[Batch]:
        """Everything recorded."""
        return [*self.landed, *self.rejected, *self.deletions]


class TableLoader:
    """Lands the extracts of one table of a connector."""

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        home: Home,
        connector: Connector,
        table: TableSpec,
        state: State,
        outcome: Outcome,
        models_on: Callable[[str, str], list[str]],
    ) -> None:
        """Remember everything that stays the same between the extracts."""
        self._engine = engine
        self._home = home
        self._connector = connector
        self._table = table
        self._state = state
        self._outcome = outcome
        self._models_on = models_on
        self._loaded_at = datetime.now(UTC).replace(tzinfo=None)
        self._work = home.work / "connectors"

    @property
    def _loaded_text(self) -> str:
        return self._loaded_at.isoformat(" ", "seconds")

    def check_drift(self, extract: Extract) -> tuple[Mapping, drift.Decision]:
        """Compare with what is known, report what changed, and say what the policy makes of it."""
        mapping = map_columns(self._connector, self._table, extract, frozenset())
        before = self._state.columns(self._connector, self._table)
        found = drift.find_changes(self._table, mapping, extract, before)
        decision = drift.decide(self._connector.schema_policy, found, self._table.identifying)
        self._report(found, decision)
        if decision.held_back:
            mapping = map_columns(self._connector, self._table, extract, decision.held_back)
        return mapping, decision

    def report_missing_table(self) -> drift.Decision:
        """A table that is gone is drift too."""
        gone = drift.Change(drift.GONE, self._table.source, "the source has no such table")
        decision = drift.decide(self._connector.schema_policy, [gone], self._table.identifying)
        if decision.outcome == drift.LOADED:
            decision = drift.Decision(drift.HELD)
        self._report([gone], decision)
        return decision

    def _report(self, found: list[drift.Change], decision: drift.Decision) -> None:
        path = drift.drift_path(self._home, self._connector, self._table)
        if not found:
            drift.keep_report(path, None)
            return
        raw = self._table.feeds
        models = []
        if any(change.endangers for change in found):
            models = self._models_on(raw.system, raw.name)
        report = drift.make_report(
            self._connector, self._table, found, decision.outcome, models, self._loaded_text
        )
        drift.keep_report(path, report)
        known = [(one.source_table, one.raw_table, one.changes) for one in self._outcome.drifts]
        if (report.source_table, report.raw_table, report.changes) not in known:
            self._outcome.drifts.append(report)

    def land_rows(
        self, extract: Extract, mapping: Mapping, *, recent: str | None, high_guess: str | None
    ) -> None:
        """Land the rows of a table or a feed: those that are new or changed.

        `recent` is a condition that every row of the extract fulfils; `high_guess` is how far the
        cursor of a first load will probably come.
        """
        landed = self._state.landed_files(self._connector, self._table)
        if not landed and not mapping.can_fail and not extract.rows_rejected:
            self._land_straight(extract, mapping, self._table_day(high_guess))
            return
        spool = self._spool(extract, mapping)
        deletions = self._state.deletion_files(self._connector, self._table)
        news = changes.news(self._engine, spool, landed, deletions, self._table.keys, recent)
        self._engine.execute(f"create or replace temporary table news as {news}")
        self._gather_rejects(extract, spool, only_new=True)
        if self._count("news") or self._count("rejects"):
            self._write(extract, mapping, spool, Content(), self._table_day)

    def land_file(self, extract: Extract, mapping: Mapping, content: Content, day: date) -> None:
        """Land all rows of a file or sheet."""
        spool = self._spool(extract, mapping)
        self._engine.execute(
            f"create or replace temporary table news as select _row_number "
            f"from {changes.scan([spool])} where {BAD_COLUMN} is null"
        )
        self._gather_rejects(extract, spool, only_new=False)
        self._write(extract, mapping, spool, content, lambda _: day)

    def reject_file(
        self, name: str, content: Content, day: date, reason: str, columns: str | None
    ) -> None:
        """Record a file of which nothing lands."""
        batch_id = self._state.next_batch_id(self._table, day)
        self._write_rejects(batch_id, rejected_file_query(name, reason, columns))
        self._record(
            self._batch(batch_id, name, content, day, REJECTED, rows_rejected=1, reason=reason),
            self._outcome.rejected,
        )

    def keys_now(self, extract: Extract) -> Path:
        """Write down every key that the source holds now."""
        mapping = map_columns(self._connector, self._table, extract, frozenset())
        path = self._work / _KEYS
        listed = ", ".join(
            f"{mapping.values[key].sql} as {identifier(key)}" for key in self._table.keys
        )
        copy_rows(self._engine, f"select {listed} from {extract.relation}", path)
        return path

    def revived(self, keys_now: Path) -> int:
        """How many keys were gone and are back: their rows may be older than the cursor."""
        landed = self._state.landed_files(self._connector, self._table)
        deletions = self._state.deletion_files(self._connector, self._table)
        if not landed or not deletions:
            return 0
        query = changes.revived_keys(keys_now, landed, deletions, self._table.keys)
        return self._number(query)

    def land_deletions(self, keys_now: Path) -> None:
        """Record the keys that have landed and that the source no longer holds."""
        landed = self._state.landed_files(self._connector, self._table)
        if not landed:
            return
        deletions = self._state.deletion_files(self._connector, self._table)
        query = changes.deleted_keys(keys_now, landed, deletions, self._table.keys)
        self._engine.execute(f"create or replace temporary table gone as {query}")
        count = self._count("gone")
        if not count:
            return
        known = self._number(changes.known_key_count(landed, deletions, self._table.keys))
        limit = self._table.deletes_limit_percent
        if count * 100 > known * limit:
            raise SourceError(
                f"{count:,} of {known:,} records that have landed are gone, more than "
                f"{limit:g} %: nothing is taken as deleted. If it is true, set "
                f"deletes_limit_percent for it in {self._connector.name}.yml"
            )
        day = self._table_day(None)
        batch_id = self._state.next_batch_id(self._table, day)
        raw = self._table.feeds
        rows = changes.rows_of_keys("gone", landed, self._table.keys)
        as_json = ", ".join(f"{literal(key)}, {identifier(key)}" for key in self._table.keys)
        self._put(
            self._data_path(batch_id),
            f"select *, {literal(raw.system)} as system, {literal(raw.name)} as table_name, "
            f"{literal(batch_id)} as batch_id, cast(json_object({as_json}) as varchar) "
            f"as deleted_key, timestamp {literal(self._loaded_text)} as noticed_at from ({rows})",
        )
        name = f"{self._connector.name}/{self._table.source}"
        batch = self._batch(batch_id, name, Content(), day, DELETIONS, rows_deleted=count)
        self._record(batch, self._outcome.deletions)

    def _land_straight(self, extract: Extract, mapping: Mapping, day: date) -> None:
        """The first load of a table: rows stream from the source into the batch."""
        batch_id = self._state.next_batch_id(self._table, day)
        lineage = Lineage(extract.name, batch_id, self._loaded_text)
        temporary = temporary_name(self._data_path(batch_id))
        temporary.parent.mkdir(parents=True, exist_ok=True)
        rows = copy_rows(
            self._engine,
            f"select {mapping.select_list()}, {lineage.columns(extract.row_number)} "
            f"from {extract.relation}",
            temporary,
        )
        if not rows:
            temporary.unlink()
            return
        high = self._cursor_high(changes.scan([temporary]))
        true_day = self._table_day(high)
        if true_day != day:
            # Rows came in while they were read, and with them the next day.
            day, batch_id = true_day, self._state.next_batch_id(self._table, true_day)
            renamed = f"select * replace ({literal(batch_id)} as _batch_id)"
            self._put(self._data_path(batch_id), f"{renamed} from {changes.scan([temporary])}")
            temporary.unlink()
        else:
            put_in_place(temporary, self._data_path(batch_id))
        self._record_rows(extract, mapping, Content(), day, batch_id, (rows, 0), high)

    def _spool(self, extract: Extract, mapping: Mapping) -> Path:
        spool = self._work / _SPOOL
        copy_rows(
            self._engine,
            f"select {mapping.select_list()}, cast({extract.row_number} as bigint) "
            f"as _row_number, {mapping.judgement()} from {extract.relation}",
            spool,
        )
        return spool

    def _gather_rejects(self, extract: Extract, spool: Path, *, only_new: bool) -> None:
        columns = ", ".join(REJECT_COLUMNS)
        parts = [
            f"select {literal(extract.name)} as source_file, _row_number as row_number, "
            f"{BAD_COLUMN} as column_name, {BAD_REASON} as reason, {RAW_TEXT} as raw_text "
            f"from {changes.scan([spool])} where {BAD_COLUMN} is not null"
        ]
        if extract.rows_rejected:
            parts.append(f"select * from ({rejected_rows_query(extract.name)})")
        known = [
            self._home.rejects / one.system / one.table / f"{one.batch_id}.parquet"
            for one in self._state.of(self._connector, self._table, LANDED)
            if one.rows_rejected
        ]
        new = ""
        if only_new and known:
            new = (
                f" where not exists (select 1 from {changes.scan(known)} as known "
                "where known.raw_text is not distinct from listed.raw_text "
                "and known.column_name is not distinct from listed.column_name)"
            )
        self._engine.execute(
            f"create or replace temporary table rejects as select {columns} "
            f"from ({' union all '.join(parts)}) as listed{new}"
        )

    def _write(
        self,
        extract: Extract,
        mapping: Mapping,
        spool: Path,
        content: Content,
        day_of: Callable[[str | None], date],
    ) -> None:
        good = f"(select * from {changes.scan([spool])} where _row_number in (from news))"
        high = self._cursor_high(good)
        day = day_of(high)
        batch_id = self._state.next_batch_id(self._table, day)
        rejected = self._count("rejects")
        if rejected:
            self._write_rejects(batch_id, "select * from rejects order by row_number")
        lineage = Lineage(extract.name, batch_id, self._loaded_text)
        listed = ", ".join(identifier(name) for name in mapping.names)
        rows = self._put(
            self._data_path(batch_id),
            f"select {listed}, {lineage.columns('_row_number')} from {good} order by _row_number",
        )
        self._record_rows(extract, mapping, content, day, batch_id, (rows, rejected), high)

    def _record_rows(
        self,
        extract: Extract,
        mapping: Mapping,
        content: Content,
        day: date,
        batch_id: str,
        counts: tuple[int, int],
        high: str | None,
    ) -> None:
        batch = self._batch(
            batch_id,
            extract.name,
            content,
            day,
            LANDED,
            rows_landed=counts[0],
            rows_rejected=counts[1],
            source_columns={
                name: kind
                for name, kind in extract.known_types.items()
                if name in mapping.source_columns
            },
            cursor_high=high,
            notes=extract.notes,
        )
        self._record(batch, self._outcome.landed)

    def _batch(
        self, batch_id: str, name: str, content: Content, day: date, status: str, **facts: Any
    ) -> Batch:
        return Batch(
            system=self._table.feeds.system,
            table=self._table.feeds.name,
            batch_id=batch_id,
            extract=day.isoformat(),
            extract_on=day.isoformat(),
            source_file=name,
            content_sha256=content.sha256,
            source_bytes=content.size,
            source_modified_ns=content.modified_ns,
            status=status,
            landed_at=self._loaded_text,
            connector=self._connector.name,
            connector_sha256=self._connector.sha256,
            source_table=self._table.source,
            parts=content.parts,
            **{"rows_landed": 0, "rows_rejected": 0, **facts},
        )

    def _record(self, batch: Batch, shown: list[Batch]) -> None:
        ledger.record(self._home, batch)
        self._state.add(batch)
        shown.append(batch)

    def _data_path(self, batch_id: str) -> Path:
        raw = self._table.feeds
        return self._home.landing / raw.system / raw.name / f"{batch_id}.parquet"

    def _put(self, target: Path, query: str) -> int:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_name(target)
        rows = copy_rows(self._engine, query, temporary)
        put_in_place(temporary, target)
        return rows

    def _write_rejects(self, batch_id: str, query: str) -> None:
        raw = self._table.feeds
        write_rejects(self._engine, self._home, raw.system, raw.name, batch_id, query)

    def _cursor_high(self, relation: str) -> str | None:
        """The furthest value of the cursor that is not in the future.

        A row dated ahead by mistake would otherwise hide everything that follows.
        """
        if self._table.cursor is None:
            return None
        column = identifier(self._table.cursor.column)
        if self._table.feeds.columns[self._table.cursor.column] == "integer":
            query = f"select max(try_cast({column} as bigint)) from {relation}"
        else:
            now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
            moment = f"try_cast({column} as timestamp)"
            query = (
                f"select max({moment}) from {relation} where {moment} <= timestamp {literal(now)}"
            )
        row = self._engine.execute(query).fetchone()
        high = row[0] if row else None
        return high.isoformat(" ") if isinstance(high, datetime) else high and str(high)

    def _table_day(self, high: str | None) -> date:
        """The last day a batch covers: that of its newest row, and never before earlier batches."""
        earlier = self._state.last_day(self._connector, self._table)
        if high is not None and not high.lstrip("-").isdigit():
            day = datetime.fromisoformat(high).date()
        else:
            day = self._state.last_day(self._connector) or datetime.now(UTC).date()
        return max(day, earlier or day)

    def _count(self, table: str) -> int:
        return self._number(f"select count(*) from {table}")

    def _number(self, query: str) -> int:
        row = self._engine.execute(query).fetchone()
        return int(row[0]) if row else 0
