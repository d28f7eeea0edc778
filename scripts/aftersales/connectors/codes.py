"""Maps of codes: what the source writes, and what the contract says instead."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from aftersales.connectors.spec import KEEP, CodeMap

FIELDS = ("source_value", "contract_value", "note")
_HEADER = ",".join(FIELDS)

Fail = Callable[[str, str, str], NoReturn]


def map_path(folder: Path, values: Any) -> Path | None:
    """Where the file of a map lies, if it is in a file."""
    return folder / values if isinstance(values, str) else None


def check_map(folder: Path, declared: dict[str, Any], key: str, fail: Fail) -> None:
    """Refuse a map that cannot be used: say what is wrong with it and what to write instead."""
    values = declared["values"]
    if isinstance(values, str):
        _read(folder, values, key, fail)
        return
    seen: set[str] = set()
    for code in values:
        if not isinstance(code, str):
            fail(
                f"{key}.values",
                f"YAML takes the code {code!s} for a {type(code).__name__}, which may be another "
                "than the source writes",
                f'put it in quotes, as in "{code!s}"',
            )
        if code.strip() in seen:
            fail(f"{key}.values", f"the code {code.strip()} stands there twice", "keep one")
        seen.add(code.strip())


def code_map(folder: Path, declared: dict[str, Any], key: str, fail: Fail) -> CodeMap:
    """The map of a column, from the connector file or from the file it names."""
    values = declared["values"]
    # In YAML a bare null is no text.
    otherwise = declared.get("otherwise", KEEP) or "null"
    if isinstance(values, str):
        codes, notes = _read(folder, values, key, fail)
        return CodeMap(codes, otherwise, notes, values)
    return CodeMap({code.strip(): _text(value) for code, value in values.items()}, otherwise)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(
    folder: Path, name: str, key: str, fail: Fail
) -> tuple[dict[str, str | None], dict[str, str]]:
    place = f"{key}.values"
    if Path(name).is_absolute() or ".." in Path(name).parts:
        fail(place, f"{name} leads out of the folder", "name a file below the connector's folder")
    path = folder / name
    if not path.is_file():
        fail(place, f"there is no file {path}", f"write it, with the header {_HEADER}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        fail(place, f"{path} is no UTF-8 text", "save it as CSV in UTF-8")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(reader.fieldnames or ()) != FIELDS:
        fail(place, f"{path} does not begin with the right header", f"write {_HEADER}")
    codes: dict[str, str | None] = {}
    notes: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in reader:
        if None in row or row["contract_value"] is None:
            fail(
                place,
                f"{path} line {reader.line_num} does not have the columns {_HEADER}",
                "write three values, and put one that has a comma in quotes",
            )
        code = row["source_value"].strip()
        if code in codes:
            fail(
                place,
                f"{path} gives source_value {code} twice, in lines {lines[code]} and "
                f"{reader.line_num}",
                "keep one of them",
            )
        codes[code], lines[code] = row["contract_value"].strip() or None, reader.line_num
        notes[code] = (row["note"] or "").strip()
    if not codes:
        fail(place, f"{path} has no code", "write one line for each code of the source")
    return codes, notes
