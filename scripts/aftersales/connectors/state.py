"""What of a source has landed: read from the ledger, the only place where it is kept."""

from datetime import date
from pathlib import Path

from aftersales.connectors.spec import Connector, TableSpec
from aftersales.home import Home
from aftersales.landing.ledger import DELETIONS, LANDED, Batch, data_path


class State:
    """The batches of all connectors, asked by connector and table."""

    def __init__(self, home: Home, batches: list[Batch]) -> None:
        """Keep the batches; `add` follows what lands meanwhile."""
        self._home = home
        self._batches = list(batches)

    def add(self, batch: Batch) -> None:
        """Remember a batch that has just landed."""
        self._batches.append(batch)

    def of(self, connector: Connector, table: TableSpec, *statuses: str) -> list[Batch]:
        """The batches of one table of a connector."""
        return [
            batch
            for batch in self._batches
            if batch.connector == connector.name
            and batch.source_table == table.source
            and (batch.system, batch.table) == (table.feeds.system, table.feeds.name)
            and (not statuses or batch.status in statuses)
        ]

    def cursor_high(self, connector: Connector, table: TableSpec) -> str | None:
        """How far the cursor has come: the most that any landed batch has reached."""
        reached = [
            batch.cursor_high
            for batch in self.of(connector, table, LANDED)
            if batch.cursor_high is not None
        ]
        return max(reached, key=_rank, default=None)

    def columns(self, connector: Connector, table: TableSpec) -> dict[str, str] | None:
        """The source's columns when a batch last landed."""
        landed = [batch for batch in self.of(connector, table, LANDED) if batch.source_columns]
        return landed[-1].source_columns if landed else None

    def next_batch_id(self, table: TableSpec, day: date) -> str:
        """A name that comes after all batches of its day; newer versions are told by this order."""
        taken = [
            int(batch.batch_id.rpartition(".s")[2])
            for batch in self._batches
            if (batch.system, batch.table) == (table.feeds.system, table.feeds.name)
            and batch.connector is not None
        ]
        return f"{day.isoformat()}.s{max(taken, default=0) + 1:06d}"

    def last_day(self, connector: Connector, table: TableSpec | None = None) -> date | None:
        """The last day that batches of a table cover, or of any table of the connector."""
        days = [
            batch.extract_on
            for batch in self._batches
            if batch.connector == connector.name
            and batch.extract_on is not None
            and batch.status != "rejected"
            and (
                table is None
                or (batch.system, batch.table) == (table.feeds.system, table.feeds.name)
            )
        ]
        return date.fromisoformat(max(days)) if days else None

    def files(self, connector: Connector, table: TableSpec, status: str) -> list[Path]:
        """The data files of the batches of a table."""
        return [data_path(self._home, one) for one in self.of(connector, table, status)]

    def landed_files(self, connector: Connector, table: TableSpec) -> list[Path]:
        """The data files of rows."""
        return self.files(connector, table, LANDED)

    def deletion_files(self, connector: Connector, table: TableSpec) -> list[Path]:
        """The data files of keys that the source no longer held."""
        return self.files(connector, table, DELETIONS)


def _rank(value: str) -> tuple[int, int, str]:
    return (0, int(value), "") if value.lstrip("-").isdigit() else (1, 0, value)
