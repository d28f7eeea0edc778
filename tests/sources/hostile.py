"""Files made to break a reader, each with what must land and what must be said of the rest."""

import gzip
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

COLUMNS = ("bay_id", "store_id", "bay_type", "installed_on", "retired_on", "updated_at")
HEADER = ",".join(COLUMNS)
GOOD = 5
BIG_BYTES = 200 << 20


@dataclass(frozen=True)
class Hostile:
    """One file: its name below the folder of its kind, how to write it, what must come of it."""

    name: str
    write: Callable[[Path], None]
    landed: int
    rejected: int
    reason: str = ""


def row(number: int, mark: str = "x") -> str:
    """A good record."""
    return f"{mark}{number},S{number},mechanical,2025-01-0{number % 9 + 1},,2025-02-01 08:00:00"


def lines(mark: str, count: int = GOOD) -> list[str]:
    """Good records under their header."""
    return [HEADER, *(row(number, mark) for number in range(count))]


def text(
    mark: str, *more: str, ending: str = "\n", encoding: str = "utf-8"
) -> Callable[[Path], None]:
    """Good records, and more lines after them."""
    content = ending.join([*lines(mark), *more]) + ending
    return lambda path: _bytes(path, content.encode(encoding))


def raw(content: bytes) -> Callable[[Path], None]:
    """These bytes."""
    return lambda path: _bytes(path, content)


def _bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _good_bytes(mark: str) -> bytes:
    return ("\n".join(lines(mark)) + "\n").encode()


def _big(path: Path) -> None:
    block = "".join(
        f"big{{0}}-{number},S1,body,2025-01-01,,2025-02-01 08:00:00\n" for number in range(5000)
    )
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER + "\n")
        number = 0
        while stream.tell() < BIG_BYTES:
            stream.write(block.replace("{0}", str(number)))
            number += 1


def big_rows(path: Path) -> int:
    """How many records the big file has."""
    with path.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b"")) - 1


def _gz_bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(_good_bytes("bomb"))
        for _ in range(300):
            stream.write(b" " * (1 << 20))


def _wide(path: Path) -> None:
    names = [*COLUMNS, *(f"more_{number}" for number in range(10_000))]
    path.write_text(",".join(names) + "\n" + row(1) + "," * 10_000 + "\n", encoding="utf-8")


def _outside(path: Path) -> None:
    secret = path.parent.parent.parent / "outside.csv"
    secret.write_bytes(_good_bytes("outside"))
    path.symlink_to(secret)


def delimited_files() -> Iterator[Hostile]:
    """Text files."""
    yield Hostile("2025-01 good.csv", text("good"), 5, 0)
    yield Hostile("bom.csv", raw(b"\xef\xbb\xbf" + _good_bytes("bom")), 5, 0)
    yield Hostile(
        "gbk.csv", text("gbk", "浦东,S1,车身,2025-01-01,,2025-01-01", encoding="gbk"), 6, 0
    )
    yield Hostile("utf16.csv", text("le", "浦东,S1,b,2025-01-01,,", encoding="utf-16"), 6, 0)
    yield Hostile("utf16be.csv", text("be", encoding="utf-16-be"), 5, 0)
    yield Hostile(
        "one bad byte.csv",
        raw(_good_bytes("bb") + "海淀,S1,b,,,\n".encode() * 3 + b"\xff\xfe,S1,b,,,\n"),
        8, 1, "invalid encoding",
    )  # fmt: skip
    yield Hostile(
        "bad gbk.csv",
        raw(
            "\n".join([*lines("bg"), "浦东,S,车身,,,", "浦东,S,车身,,,", ""]).encode("gbk")
            + b"\x81,S,b,,,\n"
        ),
        7, 1, "invalid encoding",
    )  # fmt: skip
    yield Hostile(
        "nul.csv", raw(_good_bytes("nul") + b"a\x00b,S1,b,,,\n"), 5, 1, "invalid encoding"
    )
    yield Hostile("zeros.csv", raw(b"\0" * 5000), 0, 1, "no header")
    yield Hostile("empty.csv", raw(b""), 0, 1, "empty")
    yield Hostile("blank.csv", raw(b"\n  \n\n"), 0, 1, "no header")
    yield Hostile("header only.csv", raw(HEADER.encode() + b"\n"), 0, 0)
    yield Hostile("short row.csv", text("sh", "a,b"), 5, 1, "missing columns")
    yield Hostile("long row.csv", text("lo", row(9, "lo") + ",more"), 5, 1, "too many columns")
    yield Hostile(
        "titles.csv", raw("工位表,,,,,\n制表人：王,,,,,\n\n".encode() + _good_bytes("ti")), 5, 0
    )
    yield Hostile("semicolon.csv", raw(_good_bytes("se").replace(b",", b";")), 5, 0)
    yield Hostile("tab.tsv", raw(_good_bytes("ta").replace(b",", b"\t")), 5, 0)
    yield Hostile("pipe.csv", raw(_good_bytes("pi").replace(b",", b"|")), 5, 0)
    yield Hostile("breaks.csv", text("br", '"two\nlines",S1,b,,,', row(8, "br")), 7, 0)
    yield Hostile(
        "open quote.csv", text("oq", '"never closed,S1,b,,,', row(8)), 5, 1, "unquoted value"
    )
    yield Hostile(
        "open last quote.csv",
        raw(f'{HEADER}\nx,S1,b,2025-01-01,,"2025-01-01\n{row(8)}\n{row(7)}\n'.encode()),
        0,
        1,
        "quote",
    )
    yield Hostile("mixed ends.csv", raw(b"\r\n".join(_good_bytes("mx").split(b"\n", 3))), 5, 0)
    yield Hostile("cr.csv", text("cr", ending="\r"), 5, 0)
    yield Hostile(
        "twice.csv",
        raw(_good_bytes("tw").replace(b"bay_type", b"store_id", 1)),
        0,
        1,
        "named twice",
    )
    yield Hostile(
        "no key.csv", raw(_good_bytes("nk").replace(b"bay_id", b"other", 1)), 0, 1, "missing"
    )
    yield Hostile("wide.csv", _wide, 0, 1, "taken for damage")
    yield Hostile("huge cell.csv", text("hc", "y" * 3_000_000 + ",S1,b,,,"), 5, 1, "line size")
    yield Hostile("one line.csv", raw(b"z" * 5_000_000), 0, 1, "no header")
    yield Hostile(
        "dates.csv",
        text(
            "da",
            "d1,S1,b,2025/1/3,,2025/1/3 8:05",
            "d2,S1,b,20250104,,2025-01-04T08:00:00Z",
            "d3,S1,b,2025年1月5日,,2025年1月5日 08:00",
            "d4,S1,b,03/04/2025,,",
            "d5,S1,b,2025-02-30,,",
            "d6,S1,b,yesterday,,",
        ),
        8, 3, "not a date",
    )  # fmt: skip
    yield Hostile(
        "formula cells.csv",
        text("fo", '"=cmd|\' /C calc\'!A0",+1+1,@SUM(A1),,,', "-2+3,S1,b,=NOW(),,"),
        6, 1, "not a date",
    )  # fmt: skip
    yield Hostile("packed.csv.gz", raw(gzip.compress(_good_bytes("gz"))), 5, 0)
    yield Hostile("cut.csv.gz", raw(gzip.compress(_good_bytes("ct") * 50)[:-40]), 0, 1, "damaged")
    yield Hostile("no gz.csv.gz", raw(_good_bytes("ng")), 0, 1, "damaged")
    yield Hostile("bomb.csv.gz", _gz_bomb, 0, 1, "bomb")
    yield Hostile("picture.csv", raw(bytes(range(256)) * 40), 0, 1, "no header")
    yield Hostile("workbook.csv", lambda path: _workbook(path, [COLUMNS]), 0, 1, "no header")
    yield Hostile("200 MB.csv", _big, -1, 0)
    yield Hostile("2025-02 again.csv", text("good"), 0, 1, "same content has landed")
    yield Hostile("a'; drop table x;--.csv", text("dr"), 5, 0)
    yield Hostile("[abc]*?.csv", text("gl"), 5, 0)
    yield Hostile("new\nline\x1b[31m.csv", text("nl"), 5, 0)
    yield Hostile(f"{'long ' * 45}.csv", text("ln"), 5, 0)
    yield Hostile("link out.csv", _outside, 0, 1, "out of the source's folder")
    yield Hostile("link etc.csv", lambda path: path.symlink_to("/etc/passwd"), 0, 1, "out of")
    yield Hostile(
        "dangling.csv", lambda path: path.symlink_to(path.parent / "none"), 0, 1, "nowhere"
    )
    yield Hostile("pipe file.csv", os.mkfifo, 0, 1, "no regular file")
    yield Hostile("folder.csv", lambda path: path.mkdir(), 0, 0)
    yield Hostile(
        "our columns.csv",
        raw(
            _good_bytes("oc").replace(b"\n", b",_batch_id\n", 1).replace(b":00:00\n", b":00:00,9\n")
        ),
        5,
        0,
    )
    yield Hostile(
        "spelling.csv",
        raw(
            _good_bytes("sp").replace(
                HEADER.encode(), b" Bay_ID ,STORE_ID,Bay_Type,installed_on,retired_on,Updated_At", 1
            )
        ),
        5,
        0,
    )


def _workbook(
    path: Path,
    rows: list[tuple[Any, ...]],
    change: Callable[[Any, Any], None] | None = None,
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "工位"
    for values in rows:
        sheet.append(values)
    if change:
        change(book, sheet)
    book.save(path)


def _rows(mark: str, count: int = GOOD) -> list[tuple[Any, ...]]:
    moment = datetime(2025, 2, 1, 8, 0)
    return [
        COLUMNS,
        *(
            (f"{mark}{n}", f"S{n}", "body", date(2025, 1, n + 1), None, moment)
            for n in range(count)
        ),
    ]


def _edited(path: Path, part: str, edit: Callable[[str], str]) -> None:
    """Change the XML of one part of a workbook."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = edit(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


_SHEET = "xl/worksheets/sheet1.xml"


def _sheets(path: Path) -> None:
    def change(book: Any, _: Any) -> None:
        notes = book.create_sheet("说明")
        notes.append(["this is no table"])

    _workbook(path, _rows("several"), change)


def _titles(path: Path) -> None:
    titles: list[tuple[Any, ...]] = [("2025 年工位表",), (), ("制表：王",)]
    _workbook(path, [*titles, *_rows("titled")], lambda _, sheet: sheet.merge_cells("A1:F1"))


def _mac(path: Path) -> None:
    def change(book: Any, _: Any) -> None:
        book.epoch = CALENDAR_MAC_1904

    _workbook(path, _rows("mac"), change)


def _serials(path: Path) -> None:
    _workbook(path, [COLUMNS, ("serial0", "S1", "body", 45658, None, 45658.25)])


def _formulas(path: Path) -> None:
    values = [("cached0", "S1", '="bo"&"dy"', date(2025, 1, 1), None, None)]
    _workbook(path, [COLUMNS, *values])
    _edited(
        path,
        _SHEET,
        lambda xml: re.sub(
            r'(<c r="C2")[^>]*>(<f>.*?</f>)<v ?/?>(</v>)?', r'\1 t="str">\2<v>body</v>', xml
        ),
    )


def _errors(path: Path) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet["C3"] = "#DIV/0!"
        sheet["C3"].data_type = "e"

    _workbook(path, _rows("error"), change)


def _hidden(path: Path) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    _workbook(path, _rows("hidden"), change)


def _merged(path: Path) -> None:
    rows = _rows("merged")
    rows[2:4] = [(one[0], None, *one[2:]) for one in rows[2:4]]
    _workbook(path, rows, lambda _, sheet: sheet.merge_cells("B2:B4"))


def _cut(path: Path) -> None:
    _workbook(path, _rows("cut"))
    path.write_bytes(path.read_bytes()[:-700])


def _zip_bomb(path: Path) -> None:
    _workbook(path, _rows("zipbomb"))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("xl/worksheets/sheet9.xml", "w", force_zip64=True) as stream,
    ):
        for _ in range(600):
            stream.write(b" " * (1 << 20))


def _lying_bomb(path: Path) -> None:
    """A part of 300 MB that says it has 100 bytes."""
    _workbook(path, _rows("liar"))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("xl/sharedStrings2.xml", b" " * (300 << 20))
    content = path.read_bytes()
    real, said = struct.pack("<L", 300 << 20), struct.pack("<L", 100)
    path.write_bytes(content.replace(real, said))


def _far_cell(path: Path) -> None:
    _workbook(path, _rows("far"), lambda _, sheet: sheet.cell(1_048_576, 16_384, "far"))


def _entities(path: Path) -> None:
    _workbook(path, _rows("entity"))
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 100}">' for n in range(9)
    )
    _edited(
        path,
        _SHEET,
        lambda xml: (
            f"<!DOCTYPE x [{laughs}]>"
            + xml.replace("</sheetData>", "<row><c><v>&l8;</v></c></row></sheetData>")
        ),
    )


def excel_files() -> Iterator[Hostile]:
    """Workbooks."""
    yield Hostile("sheets.xlsx", _sheets, 5, 0)
    yield Hostile("titles.xlsx", _titles, 5, 0)
    yield Hostile("1904.xlsx", _mac, 5, 0)
    yield Hostile("serials.xlsx", _serials, 1, 0)
    yield Hostile("cached.xlsx", _formulas, 1, 0)
    yield Hostile(
        "no cached.xlsx",
        lambda path: _workbook(
            path, [*_rows("nocache"), ("f", "S", '="bo"&"dy"', None, None, None)]
        ),
        5, 1, "without a stored value",
    )  # fmt: skip
    yield Hostile("errors.xlsx", _errors, 4, 1, "#DIV/0!")
    yield Hostile("hidden.xlsx", _hidden, 5, 0)
    yield Hostile("merged.xlsx", _merged, 5, 0)
    yield Hostile("cut.xlsx", _cut, 0, 1, "workbook")
    yield Hostile("bomb.xlsx", _zip_bomb, 0, 1, "bomb")
    yield Hostile("liar.xlsx", _lying_bomb, 0, 1, "damaged workbook")
    yield Hostile("far cell.xlsx", _far_cell, 0, 1, "cells")
    yield Hostile("entities.xlsx", _entities, 0, 1, "damaged workbook")
    yield Hostile("no rows.xlsx", lambda path: _workbook(path, [COLUMNS]), 0, 1, "no rows")
    yield Hostile("nothing.xlsx", lambda path: _workbook(path, []), 0, 1, "no header")
    yield Hostile(
        "page.xls", raw(b"<html><table><tr><td>bay_id</td></tr></table>"), 0, 1, "workbook"
    )
    yield Hostile(
        "locked.xlsx", raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000), 0, 1, "workbook"
    )
    yield Hostile("text.xlsx", raw(_good_bytes("csv")), 0, 1, "workbook")
    yield Hostile(
        "typed.xlsx",
        lambda path: _workbook(path, [*_rows("typed"), ("t", "S", "b", "soon", None, None)]),
        5, 1, "not a date",
    )  # fmt: skip


def _json(mark: str, count: int = GOOD) -> list[str]:
    return [
        f'{{"bay_id": "{mark}{n}", "store_id": "S{n}", "bay_type": "body", '
        f'"installed_on": "2025-01-0{n + 1}", "retired_on": null, '
        f'"updated_at": "2025-02-01T08:00:00+08:00"}}'
        for n in range(count)
    ]


def _json_text(mark: str, *more: str, ending: str = "\n") -> Callable[[Path], None]:
    return raw(("\n".join([*_json(mark), *more]) + ending).encode())


def json_files() -> Iterator[Hostile]:
    """Lines of JSON."""
    yield Hostile("good.jsonl", _json_text("jgood"), 5, 0)
    yield Hostile(
        "broken.jsonl", _json_text("jbroken", '{"bay_id": ', "[1, 2]", "", "7"), 5, 3, "JSON"
    )
    yield Hostile(
        "nested.jsonl", _json_text("jnested", '{"bay_id": {"deep": [1]}, "more": {"a": 1}}'), 6, 0
    )
    yield Hostile(
        "deep.jsonl",
        _json_text("jdeep", '{"bay_id": ' + "[" * 90_000 + "]" * 90_000 + "}"),
        6,
        0,
    )
    yield Hostile("cut.jsonl", _json_text("jcut", '{"bay_id": "a", "sto', ending=""), 5, 1, "JSON")
    yield Hostile("nan.jsonl", _json_text("jnan", '{"bay_id": NaN}'), 6, 0)
    yield Hostile("case.jsonl", _json_text("jcase", '{"BAY_ID": "a"}'), 0, 1, "named twice")
    yield Hostile("empty.jsonl", raw(b""), 0, 1, "empty")
    yield Hostile("table.jsonl", raw(b"bay_id,store_id\na,b\n"), 0, 1, "JSON")
    yield Hostile(
        "bytes.jsonl",
        raw(("\n".join(_json("jb")) + "\n").encode() + b'{"bay_id": "\xff"}\n'),
        5,
        1,
        "encoding",
    )


def _parquet(query: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        plain = path.parent / "plain.tmp"
        duckdb.execute(f"copy ({query}) to '{plain}' (format parquet)")
        plain.rename(path)

    return write


def _select(mark: str, installed: str = "date '2025-01-01'", rows: int = GOOD) -> str:
    return (
        f"select '{mark}' || i as bay_id, 'S' as store_id, 'body' as bay_type, {installed} as "
        "installed_on, null::date as retired_on, timestamp '2025-02-01' as updated_at "
        f"from range({rows}) as r (i)"
    )


def _cut_parquet(path: Path) -> None:
    _parquet(_select("pcut"))(path)
    path.write_bytes(path.read_bytes()[:-30])


def parquet_files() -> Iterator[Hostile]:
    """Parquet."""
    yield Hostile("good.parquet", _parquet(_select("pgood")), 5, 0)
    yield Hostile("cut.parquet", _cut_parquet, 0, 1, "unreadable")
    yield Hostile("garbage.parquet", raw(b"PAR1" + b"x" * 100 + b"PAR1"), 0, 1, "unreadable")
    yield Hostile("empty.parquet", raw(b""), 0, 1, "unreadable")
    yield Hostile(
        "text dates.parquet",
        _parquet(_select("ptext", "if(i = 2, 'soon', '2025-01-01')")),
        4,
        1,
        "not a date",
    )
    yield Hostile(
        "no key.parquet",
        _parquet(f"select * exclude (bay_id) from ({_select('p')})"),
        0,
        1,
        "missing",
    )
    yield Hostile("no rows.parquet", _parquet(_select("pnone", rows=0)), 0, 0)
    yield Hostile(
        "nested.parquet",
        _parquet(f"select *, {{'a': [1]}} as more from ({_select('pnest')})"),
        5,
        0,
    )
    yield Hostile("a*[b].parquet", _parquet(_select("pglob")), 5, 0)


KINDS: dict[str, tuple[str, Callable[[], Iterator[Hostile]]]] = {
    "csv": ("*", delimited_files),
    "excel": ("*", excel_files),
    "jsonl": ("*", json_files),
    "parquet": ("*.parquet", parquet_files),
}


def write_all(folder: Path, connectors: Path) -> dict[str, Hostile]:
    """Write every file and a connector for each kind; gives them by their name in the ledger."""
    connectors.mkdir(parents=True)
    files = {}
    for kind, (pattern, make) in KINDS.items():
        place = folder / kind
        place.mkdir(parents=True)
        (connectors / f"hostile_{kind}.yml").write_text(
            f"kind: {kind}\nowner: nobody\nschema_policy: accept\n"
            f"connection: {{folder: '{place}'}}\n"
            f"tables:\n  - {{files: '{pattern}', feeds: dms.bays, keys: [bay_id]}}\n"
        )
        for one in make():
            one.write(place / one.name)
            shown = one.name.replace("\n", "\\x0a").replace("\x1b", "\\x1b")
            files[f"hostile_{kind}/{shown}"] = one
    return files
