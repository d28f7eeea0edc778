"""Discovery of source files and of what each of them claims to hold."""

import calendar
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aftersales.home import Home
from aftersales.landing.ledger import Batch

_EXTRACT = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
FILE_SUFFIXES = frozenset({".parquet", ".csv"})


@dataclass(frozen=True)
class SourceFile:
    """One file a source system handed out."""

    path: Path
    system: str
    table: str

    @property
    def extract(self) -> str:
        """The name of the extract: a month (`2025-10`) or a day (`2025-11-01`)."""
        return self.path.stem

    @property
    def relative_name(self) -> str:
        """The path below the sources folder, the same on every machine."""
        return f"{self.system}/{self.table}/{self.path.name}"

    @property
    def extract_on(self) -> date | None:
        """The last day the extract covers, or none when its name does not say."""
        match = _EXTRACT.fullmatch(self.extract)
        if match is None:
            return None
        year, month = int(match[1]), int(match[2])
        try:
            last_day = calendar.monthrange(year, month)[1]
            return date(year, month, int(match[3]) if match[3] else last_day)
        except ValueError:
            return None

    def sha256(self) -> str:
        """The fingerprint of the content."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def discover(home: Home) -> list[SourceFile]:
    """List the source files in a stable order, leaving out hidden ones and folders' own notes."""
    return [
        SourceFile(path, path.parent.parent.name, path.parent.name)
        for path in sorted(home.sources.glob("*/*/*"))
        if path.is_file() and path.name[0] not in "._" and path.suffix in FILE_SUFFIXES
    ]


class Landed:
    """What has landed so far, asked by file; knows a file again without reading it."""

    def __init__(self, batches: list[Batch]) -> None:
        """Index the batches by table and extract."""
        self._by_extract: dict[tuple[str, str, str], list[Batch]] = {}
        for batch in batches:
            self.add(batch)

    def add(self, batch: Batch) -> None:
        """Remember a batch."""
        self._by_extract.setdefault((batch.system, batch.table, batch.extract), []).append(batch)

    def _of(self, file: SourceFile) -> list[Batch]:
        return self._by_extract.get((file.system, file.table, file.extract), [])

    def holds_unchanged(self, file: SourceFile) -> bool:
        """Whether a batch came from this very file: same name, size and time of change."""
        state = file.path.stat()
        return any(
            batch.source_file == file.relative_name
            and batch.source_bytes == state.st_size
            and batch.source_modified_ns == state.st_mtime_ns
            for batch in self._of(file)
        )

    def holds_content(self, file: SourceFile, sha256: str) -> bool:
        """Whether the same content of the same extract has landed."""
        return any(batch.content_sha256 == sha256 for batch in self._of(file))

    def next_batch_id(self, file: SourceFile) -> str:
        """The extract's name; a later content of the same extract is a revision of it."""
        number = len(self._of(file)) + 1
        if number == 1:
            return file.extract
        # Newer versions are told by the order of these names as text: r9 comes before rx00010.
        return f"{file.extract}.r{number}" if number < 10 else f"{file.extract}.rx{number:05d}"
