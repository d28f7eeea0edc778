"""Files of a source: found by pattern, never outside its folder, known again by their content."""

import calendar
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from aftersales.connectors.secrets import SourceError
from aftersales.connectors.spec import Connector, TableSpec

_DAY_IN_NAME = re.compile(
    r"(?<!\d)(20\d{2})[-_.年]?(0[1-9]|1[0-2]|[1-9](?=月))(?:[-_.月]?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_CHUNK_BYTES = 4 << 20


@dataclass(frozen=True)
class FoundFile:
    """One file of a source: where it lies, and its name below the folder."""

    path: Path
    name: str

    @property
    def day(self) -> date:
        """The last day the file covers: from its name, else the day it was last changed (UTC)."""
        match = _DAY_IN_NAME.search(Path(self.name).name)
        if match is None:
            return datetime.fromtimestamp(self.path.stat().st_mtime, UTC).date()
        year, month = int(match[1]), int(match[2])
        last_day = calendar.monthrange(year, month)[1]
        return date(year, month, min(int(match[3] or last_day), last_day))


@dataclass(frozen=True)
class Fingerprint:
    """What a file holds: its hash, its size, and what of its bytes matters to a reader of text."""

    sha256: str
    size: int
    modified_ns: int
    has_nul: bool = False
    has_mixed_breaks: bool = False
    has_open_quote: bool = False

    @classmethod
    def of(cls, path: Path) -> "Fingerprint":
        """Read a file once."""
        state = path.stat()
        digest, has_nul, last = hashlib.sha256(), False, b""
        feeds = returns = pairs = quotes = 0
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
                has_nul = has_nul or b"\0" in chunk
                feeds += chunk.count(b"\n")
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
                quotes += chunk.count(b'"')
                last = chunk[-1:]
        kinds = (pairs > 0) + (feeds > pairs) + (returns > pairs)
        return cls(
            digest.hexdigest(),
            state.st_size,
            state.st_mtime_ns,
            has_nul,
            has_mixed_breaks=kinds > 1,
            has_open_quote=quotes % 2 == 1,
        )


def find_files(connector: Connector, table: TableSpec) -> tuple[list[FoundFile], dict[str, str]]:
    """The files of a table in a stable order; and names that are no files of it, and why."""
    folder = connector.resolve(str(connector.connection["folder"]))
    if not folder.is_dir():
        raise SourceError(f"there is no folder {connector.connection['folder']}")
    found, refused = [], {}
    for path in sorted(folder.glob(table.files or "*")):
        if path.name[0] in ".~_":
            continue
        name = _printable(path.relative_to(folder).as_posix())
        real = path.resolve()
        if not real.is_relative_to(folder):
            refused[name] = "a link that leads out of the source's folder"
        elif real.is_dir():
            continue
        elif not real.is_file():
            refused[name] = "no regular file" if real.exists() else "a link that leads nowhere"
        else:
            found.append(FoundFile(real, name))
    return sorted(found, key=lambda file: (file.day, file.name)), refused


def _printable(name: str) -> str:
    """A name that can be shown and stored: what is no character of text is escaped."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)
