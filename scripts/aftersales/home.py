"""The home folder of one warehouse: where everything lies, and the lock that keeps runs apart."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aftersales.errors import AftersalesError
from aftersales.files import TEMPORARY_SUFFIX


@dataclass(frozen=True)
class Home:
    """Paths inside a home folder (`--home`)."""

    root: Path

    @property
    def sources(self) -> Path:
        """What the source systems hand out, by system and table."""
        return self.root / "sources"

    @property
    def connectors(self) -> Path:
        """One YAML file for each source that is read where it lies."""
        return self.root / "connectors"

    @property
    def legacy(self) -> Path:
        """What the demo company's second brand keeps in a system of another shape."""
        return self.root / "legacy"

    @property
    def landing(self) -> Path:
        """Immutable batches as they came, with lineage columns."""
        return self.root / "landing"

    @property
    def ledger(self) -> Path:
        """One small file per batch; a batch without it does not exist."""
        return self.landing / "_ledger"

    @property
    def rejects(self) -> Path:
        """Rows and files that could not be read, with the reason."""
        return self.root / "rejects"

    @property
    def candidates(self) -> Path:
        """Versions being built or waiting for publication."""
        return self.root / "candidates"

    @property
    def versions(self) -> Path:
        """Published versions, newest kept."""
        return self.root / "versions"

    @property
    def pointer(self) -> Path:
        """The file naming the published version."""
        return self.root / "published.json"

    @property
    def alert_decisions(self) -> Path:
        """What people decided about alerts, one JSON object a line, only ever appended to."""
        return self.root / "decisions" / "alerts.jsonl"

    @property
    def corrections(self) -> Path:
        """What stewards corrected in landed rows, one JSON object a value, only appended to."""
        return self.root / "decisions" / "corrections.jsonl"

    @property
    def holds(self) -> Path:
        """Which cells are held back and released, one JSON object an event, only appended to."""
        return self.root / "decisions" / "holds.jsonl"

    @property
    def logs(self) -> Path:
        """Logs of dbt and of the server."""
        return self.root / "logs"

    @property
    def work(self) -> Path:
        """Scratch space: dbt's compiled project and spilled data."""
        return self.root / "work"

    def remove_leftovers(self) -> None:
        """Delete half-written files of runs that were killed. Call it with the lock held."""
        for folder in (self.root, self.landing, self.rejects):
            pattern = f".*{TEMPORARY_SUFFIX}"
            found = folder.glob(pattern) if folder == self.root else folder.rglob(pattern)
            for leftover in found:
                leftover.unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold this home for one writing command; the system releases it even on kill -9."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / ".lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                holder = os.read(descriptor, 64).decode("ascii", "replace").strip() or "unknown"
                raise AftersalesError(
                    f"Another aftersales command (process {holder}) is working in {self.root}: "
                    "wait for it to end, or give this run its own folder with --home."
                ) from error
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
            self.remove_leftovers()
            yield
        finally:
            os.close(descriptor)
