"""Tables that the commands print."""

import json
from decimal import Decimal
from pathlib import Path
from textwrap import wrap

from rich.console import Console
from rich.table import Table

from aftersales.serving.client import Answer, Value
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.status import Status
from aftersales.warehouse.versions import Pointer

_NAMES_SHOWN = 5
_WHOLE_FROM = 1000
_TENTHS_FROM = 10
_HEADING_CHARACTERS = 13
_TABLE_CHARACTERS = 118


def _console() -> Console:
    """A console wide enough for the tables: a narrow terminal breaks lines, it loses no figure."""
    console = Console(highlight=False)
    console.width = max(console.width, _TABLE_CHARACTERS)
    return console


def print_versions(versions: list[Manifest], pointer: Pointer | None) -> None:
    """Print the kept versions, the published one marked."""
    console = _console()
    if not versions:
        console.print("No version has been published yet: run `aftersales run`.")
        return
    table = Table("", "version", "as of", "verdict", "published", "parent", "build", box=None)
    for manifest in versions:
        is_published = pointer is not None and pointer.version_id == manifest.version_id
        table.add_row(
            "→" if is_published else "",
            manifest.version_id,
            manifest.as_of_on,
            manifest.verdict or "",
            manifest.published_at or "",
            manifest.parent_version_id or "–",
            "full" if manifest.is_full_build else f"{len(manifest.new_batches)} new batches",
        )
    console.print(table)


def print_status(home: Path, status: Status) -> None:
    """Print where a home stands, one fact a line."""
    table = Table(show_header=False, box=None)
    published = status.published
    table.add_row("home", str(home))
    if published is None:
        table.add_row("published version", "none yet: run `aftersales run`")
    else:
        table.add_row("published version", published.version_id)
        table.add_row("as of", published.as_of_on)
        table.add_row("verdict", published.verdict or "")
        table.add_row("published at", published.published_at or "")
        if published.synthetic_label:
            table.add_row("data", published.synthetic_label)
    table.add_row("source files not landed", _count(status.pending_files))
    table.add_row("batches not published", _count(status.pending_batches))
    table.add_row("candidates left over", _count(status.candidates))
    table.add_row("cells held back", str(status.held_cells) if status.held_cells else "none")
    if status.has_new_decisions:
        table.add_row("holds", "decided since the published version: the next run applies them")
    if status.is_code_changed:
        table.add_row("code", "changed since the published version: the next run builds anew")
    _console().print(table)


def _count(names: list[str]) -> str:
    if not names:
        return "none"
    shown = ", ".join(names[:_NAMES_SHOWN])
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return f"{len(names)}: {shown}{more}"


def print_answer(answer: Answer, without: tuple[str, ...] = ()) -> None:
    """Print rows of the API with the titles of their members, Chinese above English."""
    members = [name for name in answer.titles if _short(name) not in without]
    table = Table(box=None, collapse_padding=True)
    for name in members:
        is_number = any(isinstance(row.get(name), Decimal) for row in answer.rows)
        table.add_column(
            _heading(answer.titles[name]), justify="right" if is_number else "left", no_wrap=True
        )
    for row in answer.rows:
        table.add_row(*(_shown(row.get(name), answer.formats.get(name)) for name in members))
    _console().print(table)


def print_answer_json(answer: Answer) -> None:
    """Print rows of the API for programs: numbers as the API wrote them."""
    document = {"version": answer.version, "rows": answer.rows}
    print(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def merge_answers(left: Answer, right: Answer, on: str) -> Answer:
    """Put the measures of a second answer beside the first one's, row by row of a dimension."""
    left_key, right_key = (
        next(name for name in answer.titles if _short(name) == on) for answer in (left, right)
    )
    known = {_short(name) for name in left.titles}
    added = {name: title for name, title in right.titles.items() if _short(name) not in known}
    found = {row[right_key]: row for row in right.rows}
    rows = [
        row | {name: found.get(row[left_key], {}).get(name) for name in added} for row in left.rows
    ]
    return Answer(rows, left.version, left.titles | added, left.formats | right.formats)


def _short(member: str) -> str:
    return member.split(".", maxsplit=1)[-1]


def _heading(title: str) -> str:
    """Both languages of a title, one below the other, in lines short enough for many columns."""
    parts = [wrap(part, _HEADING_CHARACTERS) for part in title.split(" / ")]
    return "\n".join(line for lines in parts for line in lines)


def _shown(value: Value, form: str | None) -> str:
    if value is None:
        return "–"
    if not isinstance(value, Decimal):
        return str(value)
    if form == "percent":
        return f"{value:.1%}"
    if value == value.to_integral_value() or abs(value) >= _WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= _TENTHS_FROM else f"{value:,.3f}"
