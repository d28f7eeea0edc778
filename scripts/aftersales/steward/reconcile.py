"""Two records against each other in the terminal: the pairs by store, or the breaks of one."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aftersales.alerts.decisions import published
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.steward.reading import Reader, Row, open_version
from aftersales.steward.terminal import LANGUAGES
from aftersales.warehouse.versions import database_of

BREAKS_SHOWN = 30
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "store": "门店",
        "months": "超容差月数",
        "difference": "差异",
        "breaks": "断点",
        "day": "日期",
        "record": "记录",
        "reason": "可能原因",
        "pair": "对账",
        "more": "还有 {count} 条；加 --store 或 --month 缩小范围。",
        "none": "没有断点。",
        "tolerance": "容差 {value}，责任人 {owner}",
    },
    "en": {
        "store": "Store",
        "months": "Months beyond",
        "difference": "Difference",
        "breaks": "Breaks",
        "day": "Day",
        "record": "Record",
        "reason": "Probable reason",
        "pair": "Pair",
        "more": "{count} more; narrow it down with --store or --month.",
        "none": "No record breaks.",
        "tolerance": "tolerance {value}, owner {owner}",
    },
}


@dataclass(frozen=True)
class Asked:
    """What to reconcile: everything, or one pair, store or month."""

    lang: str = "zh"
    pair: str | None = None
    store: str | None = None
    month: str | None = None

    @property
    def lists_breaks(self) -> bool:
        """Whether single records are asked for."""
        return self.pair is not None


def print_reconciliation(home: Home, asked: Asked, console: Console) -> None:
    """Print a table per pair, and below it the breaks when one pair is asked for."""
    if asked.lang not in LANGUAGES:
        raise AftersalesError(f"--lang '{asked.lang}' is not known: say zh or en.")
    if asked.month is not None and not _MONTH.fullmatch(asked.month):
        raise AftersalesError(f"--month '{asked.month}' is no month: write YYYY-MM.")
    manifest = published(home)
    with open_version(Path(database_of(home, manifest.version_id))) as reader:
        store = reader.find_store(asked.store)
        rows = reader.ask("reconciliations", pair=asked.pair, store=store, month=asked.month)
        if not rows:
            raise AftersalesError(_why_none(reader, asked))
        label = f" ({manifest.synthetic_label})" if manifest.synthetic_label else ""
        console.print(f"{manifest.version_id}[dim]{escape(label)}[/]")
        for _, listed in groupby(rows, key=lambda row: row["pair_code"]):
            _print_pair(console, list(listed), asked.lang)
        if asked.lists_breaks:
            found = reader.ask(
                "reconciliation_breaks",
                pair=asked.pair,
                store=store,
                month=asked.month,
                limit=BREAKS_SHOWN,
            )
            _print_breaks(console, found, rows[0]["unit"], asked.lang)


def _why_none(reader: Reader, asked: Asked) -> str:
    everything = reader.ask("reconciliations", pair=None, store=None, month=None)
    known = {row["pair_code"] for row in everything}
    if asked.pair is not None and asked.pair not in known:
        return f"There is no pair '{asked.pair}': the pairs are {', '.join(sorted(known))}."
    return "Nothing is reconciled there: the store or the month has no records."


def _print_pair(console: Console, rows: list[Row], lang: str) -> None:
    words, first = _WORDS[lang], rows[0]
    percent = first["tolerance_kind"] == "percent"
    value = f"{first['tolerance_value'].normalize():f}" + ("%" if percent else f" {first['unit']}")
    note = words["tolerance"].format(value=value, owner=first["owner"])
    console.print(f"\n[bold]{first[f'title_{lang}']}[/] [dim]{first['pair_code']}, {note}[/]")
    table = Table(box=None, collapse_padding=True)
    for name in (words["store"], first[f"left_{lang}"], first[f"right_{lang}"]):
        table.add_column(name, justify="left" if name == words["store"] else "right")
    for name in ("difference", "months", "breaks"):
        table.add_column(words[name], justify="right")
    for row in rows:
        style = "yellow" if row["beyond_count"] else ""
        table.add_row(
            str(row["store_name"]),
            _shown(row["left_value"], first["unit"]),
            _shown(row["right_value"], first["unit"]),
            _shown(row["difference_value"], first["unit"]),
            f"{row['beyond_count']} / {row['month_count']}",
            f"{row['break_count']:,}",
            style=style,
        )
    console.print(table)


def _print_breaks(console: Console, rows: list[Row], unit: str, lang: str) -> None:
    words = _WORDS[lang]
    if not rows:
        console.print(words["none"])
        return
    table = Table(box=None, collapse_padding=True)
    for name in ("store", "day", "record"):
        table.add_column(words[name])
    table.add_column("←", justify="right")
    table.add_column("→", justify="right")
    table.add_column(words["reason"])
    for row in rows:
        other = f" {row['counterpart_on']:%Y-%m}" if row["counterpart_on"] else ""
        table.add_row(
            str(row["store_name"]),
            str(row["business_on"]),
            str(row["record_name"]),
            _shown(row["left_value"], unit),
            _shown(row["right_value"], unit),
            f"{row[f'reason_{lang}']}{other}",
        )
    console.print(table)
    more = int(rows[0]["listed_count"]) - len(rows)
    if more > 0:
        console.print(f"[dim]{words['more'].format(count=f'{more:,}')}[/]")


def _shown(value: Decimal, unit: str) -> str:
    """An amount to the cent, a count without decimals."""
    return f"{value:,.2f}" if unit == "yuan" else f"{value:,.0f}"
