"""The ledger of landed batches: one small file each, written last."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from aftersales.errors import AftersalesError
from aftersales.files import read_json, write_json
from aftersales.home import Home

LANDED = "landed"
REJECTED = "rejected"
DELETIONS = "deletions"


@dataclass(frozen=True)
class Batch:
    """What the ledger knows about one batch.

    The fields from `connector` on are those of a batch that came by a declared connector.
    """

    system: str
    table: str
    batch_id: str
    extract: str
    extract_on: str | None
    source_file: str
    content_sha256: str
    source_bytes: int
    source_modified_ns: int
    status: str
    rows_landed: int
    rows_rejected: int
    landed_at: str
    reason: str | None = None
    connector: str | None = None
    connector_sha256: str | None = None
    source_table: str | None = None
    source_columns: dict[str, str] = field(default_factory=dict)
    cursor_high: str | None = None
    rows_deleted: int = 0
    parts: int = 1
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name of the batch among all batches."""
        return f"{self.system}.{self.table}.{self.batch_id}"

    @property
    def covered_on(self) -> date | None:
        """The last day the batch covers; none for a file that could not be read."""
        if self.status != LANDED or self.extract_on is None:
            return None
        return date.fromisoformat(self.extract_on)


def data_path(home: Home, batch: Batch) -> Path:
    """Where the rows of a batch lie."""
    return home.landing / batch.system / batch.table / f"{batch.batch_id}.parquet"


def rejects_path(home: Home, batch: Batch) -> Path:
    """Where the rejects of a batch lie, if it has any."""
    return home.rejects / batch.system / batch.table / f"{batch.batch_id}.parquet"


def record(home: Home, batch: Batch) -> None:
    """Make a batch exist."""
    write_json(home.ledger / f"{batch.key}.json", asdict(batch))


def load(home: Home) -> list[Batch]:
    """Read every batch, in a stable order."""
    batches = []
    for path in sorted(home.ledger.glob("[!.]*.json")):
        try:
            batches.append(Batch(**read_json(path)))
        except (ValueError, TypeError) as error:
            raise AftersalesError(
                f"The ledger file {path} cannot be read ({error}): delete it and run "
                "`aftersales ingest` again, which lands that batch anew."
            ) from error
    return sorted(batches, key=lambda batch: (batch.system, batch.table, batch.batch_id))


def newest_day(batches: Iterable[Batch]) -> date | None:
    """The last day covered by any of the batches."""
    return max((day for batch in batches if (day := batch.covered_on)), default=None)
