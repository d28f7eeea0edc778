"""Text files made readable for DuckDB: UTF-8, unpacked, under a plain name; header found."""

import codecs
import csv
import gzip
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from aftersales.connectors.files import Fingerprint, FoundFile
from aftersales.landing.delimited import Dialect
from aftersales.landing.readers import UnreadableFileError

MOST_COLUMNS = 2_000
_SAMPLE_BYTES = 1 << 20
_CHUNK_BYTES = 4 << 20
_HEADER_SEARCH_ROWS = 30
_DELIMITERS = (",", "\t", ";", "|", "^", "\x01")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Text hardly packs better than 50 to 1: far more is a file made to fill a disk.
_MOST_EXPANSION = 200
_UNSUSPICIOUS_BYTES = 64 << 20


@dataclass(frozen=True)
class PlainText:
    """A UTF-8 file of plain name; bytes that are no text became bytes that are not UTF-8."""

    path: Path
    encoding: str
    notes: list[str]


def plain_text(file: FoundFile, declared: str, fingerprint: Fingerprint, folder: Path) -> PlainText:
    """Make a text file readable; raise when it is damaged."""
    target = folder / "text"
    target.unlink(missing_ok=True)
    is_packed = file.path.suffix.lower() == ".gz"
    try:
        encoding = _encoding(_start(file.path, is_packed), declared)
        is_expected = encoding.startswith("utf-8") or declared != "auto"
        notes = [] if is_expected else [f"read as {encoding}"]
        is_wide = encoding.startswith(("utf-16", "utf-32"))
        if fingerprint.has_nul and not (is_packed or is_wide):
            notes.append("holds NUL bytes: rows with them are rejected")
        is_plain = not (is_packed or fingerprint.has_nul or fingerprint.has_mixed_breaks)
        if encoding == "utf-8" and is_plain:
            # A link: a name with * or [ in it would be taken for a pattern.
            target.symlink_to(file.path)
        else:
            _rewrite(file.path, is_packed, encoding, is_wide, target)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFileError("damaged: the packed file ends early or is not gzip") from error
    if not target.stat().st_size:
        raise UnreadableFileError("the file is empty: not even a header")
    return PlainText(target, encoding, notes)


def _open(path: Path, is_packed: bool) -> IO[bytes]:
    # GzipFile reads as a file of bytes does, but is declared apart from it.
    return cast(IO[bytes], gzip.open(path, "rb")) if is_packed else path.open("rb")


def _start(path: Path, is_packed: bool) -> bytes:
    with _open(path, is_packed) as stream:
        return stream.read(_SAMPLE_BYTES)


def _encoding(start: bytes, declared: str) -> str:
    """The encoding a file says it has, else the declared one, else what its bytes look like."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if declared != "auto":
        return "gb18030" if declared == "gbk" else declared
    if start.count(b"\0") * 3 > len(start) > 3:
        return "utf-16-be" if start[0:1] == b"\0" else "utf-16-le"
    lines = [line for line in start.splitlines() if not line.isascii()][:2000]
    fitting = sum(_decodes(line, "utf-8") for line in lines)
    # A few lines that are not UTF-8 are broken lines of a UTF-8 file; most are another encoding.
    is_other = fitting * 2 < len(lines) and any(_decodes(line, "gb18030") for line in lines)
    return "gb18030" if is_other else "utf-8"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _rewrite(path: Path, is_packed: bool, encoding: str, is_wide: bool, target: Path) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("replace" if is_wide else "surrogateescape")
    breaks = io.IncrementalNewlineDecoder(None, translate=True)
    most = max(_UNSUSPICIOUS_BYTES, path.stat().st_size * _MOST_EXPANSION)
    written = 0
    with _open(path, is_packed) as source, target.open("wb") as writer:
        for chunk in _chunks(source):
            text = decoder.decode(chunk, final=not chunk)
            # What is no text must be told from text: a lone byte 0xFF never is UTF-8.
            text = text.replace("\0", "\udcff").replace("\ufffd", "\udcff")
            # One kind of line break: DuckDB gives up on a file that mixes them.
            text = breaks.decode(text, final=not chunk)
            written += writer.write(text.encode("utf-8", "surrogateescape"))
            if is_packed and written > most:
                target.unlink()
                raise UnreadableFileError(
                    f"unpacks to more than {_MOST_EXPANSION} times its size: taken for a bomb"
                )


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while True:
        chunk = source.read(_CHUNK_BYTES)
        yield chunk
        if not chunk:
            return


@dataclass(frozen=True)
class Header:
    """The names of the columns, and how the records below them are parted."""

    names: list[str]
    dialect: Dialect


def find_header(
    text: PlainText,
    wanted: Sequence[str],
    delimiter: str | None,
    quote: str,
    header_row: int | None,
) -> Header:
    """Find the row of the first ones that names the wanted columns, and the delimiter it uses."""
    with text.path.open("rb") as stream:
        start = stream.read(_SAMPLE_BYTES).decode("utf-8", "replace").removeprefix("\ufeff")
    best: tuple[int, int, list[str], str, int] | None = None
    for candidate in [delimiter] if delimiter else _DELIMITERS:
        for number, fields in enumerate(_records(start, candidate, quote), 1):
            if header_row is not None and number != header_row:
                continue
            rank = (header_score(fields, wanted), len(fields))
            if best is None or rank > best[:2]:
                best = (*rank, fields, candidate, number - 1)
            if number >= _HEADER_SEARCH_ROWS and header_row is None:
                break
    if best is None or best[0] == 0:
        raise UnreadableFileError(
            f"no header: none of the first {_HEADER_SEARCH_ROWS} rows names a declared column",
            ", ".join(wanted[:20]),
        )
    names = checked_names(best[2])
    return Header(names, Dialect(best[3], quote, skip=best[4]))


def _records(start: str, delimiter: str, quote: str) -> Iterator[list[str]]:
    if len(delimiter) > 1:
        yield from (line.split(delimiter) for line in start.splitlines())
        return
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, quotechar=quote)
    try:
        yield from reader
    except csv.Error:
        return


def matches(fields: Sequence[str], wanted: Sequence[str]) -> int:
    """How many of the wanted names a row holds."""
    present = {field.strip().lower() for field in fields}
    return sum(name.lower() in present for name in wanted)


def header_score(fields: Sequence[str], wanted: Sequence[str]) -> int:
    """How much a row looks like the header; of an unknown file, by how many names it could hold."""
    if wanted:
        return matches(fields, wanted)
    names = {field.strip().lower() for field in fields}
    return sum(not any(one.isdigit() for one in name[:1]) for name in names if name)


def checked_names(fields: Sequence[str]) -> list[str]:
    """The names of a header: trimmed, none empty, none twice, not beyond reason."""
    if len(fields) > MOST_COLUMNS:
        raise UnreadableFileError(
            f"{len(fields):,} columns: more than {MOST_COLUMNS:,} are taken for damage"
        )
    names = [
        " ".join(field.split()) or f"column_{number}" for number, field in enumerate(fields, 1)
    ]
    lowered = [name.lower() for name in names]
    repeated = sorted({name for name in lowered if lowered.count(name) > 1})
    if repeated:
        raise UnreadableFileError("columns named twice", ", ".join(repeated))
    return names


def remove(path: Path) -> None:
    """Remove a work file that may not be there."""
    if os.path.lexists(path):
        path.unlink()
