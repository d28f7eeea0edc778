"""Excel workbooks: looked through before they are opened, then read sheet by sheet."""

import csv
import fnmatch
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat

from aftersales.connectors.text import checked_names, header_score
from aftersales.landing.readers import UnreadableFileError

EPOCH_1900, EPOCH_1904 = "1899-12-30 00:00:00", "1904-01-01 00:00:00"
_MOST_UNPACKED_BYTES = 512 << 20
_MOST_PLAIN_BYTES = 64 << 20
_MOST_CELLS = 12_000_000
_MOST_TEXT_CHARACTERS = 32_767
_HEADER_SEARCH_ROWS = 30
_CHUNK_BYTES = 1 << 20
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_ROWS_NAMED = 10
_EXACT_BELOW = 1e15


@dataclass
class SheetFacts:
    """What the raw XML of a sheet says that a reader of values does not."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    formulas_without_value: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """A workbook that is safe to open: its sheets by name, and from when its days are counted."""

    path: Path
    sheets: list[str]
    epoch: str
    facts: dict[str, SheetFacts]
    opened: Any


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet written as delimited text, each after its number in the sheet."""

    names: list[str]
    notes: list[str]
    rejects: list[tuple[int, str, str, str]]


def open_workbook(path: Path) -> Workbook:
    """Look a workbook through, then open it; raise when it is damaged or too much to hold."""
    from python_calamine import CalamineError, CalamineWorkbook

    is_zip = zipfile.is_zipfile(path)
    epoch = EPOCH_1900
    facts: dict[str, SheetFacts] = {}
    if is_zip:
        try:
            epoch, facts = _look_through(path)
        except (zipfile.BadZipFile, EOFError, KeyError, expat.ExpatError, OSError) as error:
            raise UnreadableFileError(f"damaged workbook: {error}") from error
        except (NotImplementedError, RuntimeError) as error:
            raise UnreadableFileError("the workbook is protected by a password") from error
    elif path.stat().st_size > _MOST_PLAIN_BYTES:
        raise UnreadableFileError("an .xls of more than 64 MiB: save it as .xlsx")
    try:
        opened = CalamineWorkbook.from_path(str(path))
        return Workbook(path, list(opened.sheet_names), epoch, facts, opened)
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(f"no readable workbook: {_one_line(error)}") from error


def chosen_sheets(workbook: Workbook, pattern: str | None) -> list[str]:
    """The sheets of a name or pattern; the first one when none is declared."""
    if pattern is None:
        return workbook.sheets[:1]
    found = [name for name in workbook.sheets if fnmatch.fnmatchcase(name, pattern)]
    if not found:
        raise UnreadableFileError(
            f"there is no sheet {pattern}; the workbook has {', '.join(workbook.sheets)}"
        )
    return found


def write_sheet(
    workbook: Workbook,
    name: str,
    wanted: Sequence[str],
    header_row: int | None,
    header_rows: int,
    target: Path,
) -> Sheet:
    """Write the rows below the header as text."""
    facts = workbook.facts.get(name, SheetFacts())
    grid = _Grid(workbook.opened.get_sheet_by_name(name), facts)
    first = header_row or grid.header_row(wanted)
    names = checked_names(grid.header(first, header_rows))
    rejects: list[tuple[int, str, str, str]] = []
    filled = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, values in grid.rows_from(first + header_rows):
            if not any(values):
                continue
            problem = grid.problem(number, values, names)
            if problem:
                rejects.append(problem)
                continue
            filled += 1
            padded = (values + [""] * len(names))[: len(names)]
            writer.writerow([str(number), *padded])
    if not filled and not rejects:
        raise UnreadableFileError(f"the sheet {name} has no rows below its header")
    return Sheet(names, _notes(facts, first + header_rows), rejects)


def _notes(facts: SheetFacts, first: int) -> list[str]:
    hidden = [row for row in facts.hidden_rows if row >= first]
    notes = []
    if hidden:
        shown = ", ".join(str(row) for row in hidden[:_ROWS_NAMED])
        more = f" and {len(hidden) - _ROWS_NAMED} more" if len(hidden) > _ROWS_NAMED else ""
        notes.append(f"{len(hidden)} hidden rows landed: {shown}{more}")
    data = [area for area in facts.merged if area[2] >= first]
    if data:
        notes.append(f"{len(data)} merged areas: texts repeated downwards, numbers kept once")
    return notes


class _Grid:
    """The values of a sheet by their true row numbers, merged texts filled downwards."""

    def __init__(self, sheet: Any, facts: SheetFacts) -> None:
        self._facts = facts
        self._sheet = sheet
        # The reader begins at the first row of the sheet, but at the first column that is used.
        self._left = (sheet.start or (0, 0))[1]
        self._below = {
            (row, column): (top, column)
            for top, column, bottom, right in facts.merged
            if column == right
            for row in range(top + 1, bottom + 1)
        }
        self._tops: dict[tuple[int, int], str] = {}

    def rows_from(self, first: int) -> Iterator[tuple[int, list[str]]]:
        tops = set(self._below.values())
        for number, row in enumerate(self._sheet.iter_rows(), 1):
            raw = [*[""] * self._left, *row]
            values = [_text(value) for value in raw]
            for column, value in enumerate(raw):
                place = (number, column + 1)
                if not self._below:
                    break
                if place in tops and isinstance(value, str):
                    self._tops[place] = value
                elif value == "" and place in self._below:
                    values[column] = self._tops.get(self._below[place], "")
            if number >= first:
                yield number, values

    def header_row(self, wanted: Sequence[str]) -> int:
        best, seen = (0, 0), 0
        for number, values in self.rows_from(1):
            if not any(values):
                continue
            seen += 1
            if seen > _HEADER_SEARCH_ROWS:
                break
            best = max(best, (header_score(values, wanted), -number))
        if best[0] == 0:
            raise UnreadableFileError(
                f"no header: none of the first {_HEADER_SEARCH_ROWS} rows names a declared column",
                ", ".join(wanted[:20]),
            )
        return -best[1]

    def header(self, first: int, count: int) -> list[str]:
        rows = []
        for number, values in self.rows_from(first):
            if number >= first + count:
                break
            rows.append(self._spread(number, values))
        if not rows:
            raise UnreadableFileError(f"the sheet ends before its header in row {first}")
        width = max(len(row) for row in rows)
        padded = [row + [""] * (width - len(row)) for row in rows]
        names = [
            "/".join(dict.fromkeys(one for one in parts if one))
            for parts in zip(*padded, strict=True)
        ]
        while names and not names[-1]:
            names.pop()
        return names

    def _spread(self, number: int, values: list[str]) -> list[str]:
        """A heading merged over several columns names each of them."""
        spread = list(values)
        for top, left, bottom, right in self._facts.merged:
            if top <= number <= bottom and right > left and left <= len(values):
                missing = right - len(spread)
                spread += [""] * max(0, missing)
                spread[left:right] = [spread[left - 1]] * (right - left)
        return spread

    def problem(
        self, number: int, values: list[str], names: list[str]
    ) -> tuple[int, str, str, str] | None:
        """Why a row cannot land: number, column, reason, text."""
        text = ",".join(values)[:_MOST_TEXT_CHARACTERS]
        for column, name in enumerate(names, 1):
            value = values[column - 1] if column <= len(values) else ""
            if (number, column) in self._facts.formulas_without_value:
                reason = "a formula without a stored value: open and save the workbook in Excel"
                return number, name, reason, text
            if (number, column) in self._facts.errors:
                error = self._facts.errors[number, column]
                return number, name, f"the formula ended in {error}", text
            if "\0" in value:
                return number, name, "holds NUL bytes", text.replace("\0", "\\0")
        return None


def _text(value: Any) -> str:
    """A cell as text: whole numbers without a point, times as ISO, durations as days."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case float():
            is_whole = value.is_integer() and abs(value) < _EXACT_BELOW
            text = str(int(value)) if is_whole else repr(value)
        case datetime():
            text = value.isoformat(" ", "microseconds" if value.microsecond else "seconds")
        case date() | time():
            text = value.isoformat()
        case timedelta():
            text = str(value.total_seconds() / 86400)
        case _:
            text = str(value)
    return text


def _look_through(path: Path) -> tuple[str, dict[str, SheetFacts]]:
    """Unpack every part once, counting, without keeping any."""
    with zipfile.ZipFile(path) as package:
        parts = package.infolist()
        declared = sum(part.file_size for part in parts)
        if declared > _MOST_UNPACKED_BYTES:
            raise UnreadableFileError(
                f"unpacks to {declared >> 20:,} MiB, more than {_MOST_UNPACKED_BYTES >> 20}: "
                "taken for a bomb"
            )
        names = {part.filename for part in parts}
        for part in parts:
            if not _is_sheet(part.filename):
                with package.open(part) as stream:
                    while stream.read(_CHUNK_BYTES):
                        pass
        if "xl/workbook.xml" not in names:
            return EPOCH_1900, {}
        sheets, epoch = _sheet_parts(package, names)
        facts = {name: _sheet_facts(package, part) for name, part in sheets.items()}
    for name, one in facts.items():
        if one.last_row * one.last_column > _MOST_CELLS:
            raise UnreadableFileError(
                f"the sheet {name} spans {one.last_row:,} rows by {one.last_column:,} columns: "
                f"more than {_MOST_CELLS:,} cells; delete what stands far from the table"
            )
    return epoch, facts


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _sheet_parts(package: zipfile.ZipFile, names: set[str]) -> tuple[dict[str, str], str]:
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag, attributes in _elements(package, "xl/_rels/workbook.xml.rels"):
            if tag == "Relationship":
                target = attributes.get("Target", "").removeprefix("/xl/")
                targets[attributes.get("Id", "")] = f"xl/{target}"
    sheets: dict[str, str] = {}
    epoch = EPOCH_1900
    for tag, attributes in _elements(package, "xl/workbook.xml"):
        if tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            epoch = EPOCH_1904
        if tag == "sheet":
            part = targets.get(attributes.get("r:id", ""), "")
            if part in names:
                sheets[attributes.get("name", "")] = part
    return sheets, epoch


def _elements(package: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append(
        (tag.rpartition(":")[2], attributes)
    )
    with package.open(part) as stream:
        parser.ParseFile(stream)
    return found


def _sheet_facts(package: zipfile.ZipFile, part: str) -> SheetFacts:
    watcher = _SheetWatcher()
    parser = expat.ParserCreate()
    parser.StartElementHandler = watcher.start
    parser.EndElementHandler = watcher.end
    parser.CharacterDataHandler = watcher.characters
    with package.open(part) as stream:
        parser.ParseFile(stream)
    return watcher.facts


class _SheetWatcher:
    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._row = 0
        self._column = 0
        self._has_formula = self._has_value = self._is_error = self._is_in_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if attributes.get("hidden") in {"1", "true"}:
                self.facts.hidden_rows.append(self._row)
        elif tag == "c":
            place = _place(attributes.get("r", ""))
            self._row, self._column = place or (self._row, self._column + 1)
            self.facts.cells += 1
            self.facts.last_row = max(self.facts.last_row, self._row)
            self.facts.last_column = max(self.facts.last_column, self._column)
            kind = attributes.get("t")
            # Of a formula that gives text, nothing is a value too.
            self._has_formula, self._has_value = False, kind == "str"
            self._is_error = kind == "e"
        elif tag == "f":
            self._has_formula = True
        elif tag in {"v", "t"}:
            self._is_in_value = True
        elif tag == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            top, bottom = _place(first), _place(last or first)
            if top and bottom:
                self.facts.merged.append((*top, *bottom))

    def characters(self, text: str) -> None:
        if not self._is_in_value:
            return
        self._has_value = True
        if self._is_error:
            place = (self._row, self._column)
            self.facts.errors[place] = self.facts.errors.get(place, "") + text

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self._is_in_value = False
        if tag == "c" and self._has_formula and not self._has_value:
            self.facts.formulas_without_value.add((self._row, self._column))


def _place(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
