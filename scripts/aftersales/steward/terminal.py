"""The steward's short form in the terminal: verdict, scorecards, the top of the backlog, a rule."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aftersales.alerts.decisions import published
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.metrics.dictionary import Dictionary, read_dictionary
from aftersales.quality.catalogue import ROW
from aftersales.steward import FOLDER
from aftersales.steward.reading import (
    Reader,
    Row,
    all_rows_query,
    correct_command,
    is_of_many_rows,
    open_version,
)
from aftersales.steward.wording import list_metrics, metric_title, show_value
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.versions import database_of

LANGUAGES = ("zh", "en")
BACKLOG_SHOWN, STORES_SHOWN, ROWS_SHOWN, RULES_SHOWN = 10, 10, 20, 8
_WIDTH = 118
_STATUS_STYLES = {"PASS": "green", "WARN": "yellow", "FAIL": "red", "ERROR": "red"}
_WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "head": "{version}，数据截至 {as_of}：{verdict}。{rules} 条规则，通过 {passed}，"
        "警告 {warned}，不通过 {failed}，无法评估 {error}。",
        "verdicts": {"pass": "通过", "warn": "通过（有警告）", "fail": "不通过", "error": "出错"},
        "counts": ("落地", "可用", "隔离", "已修复", "首次通过"),
        "source": "来源系统",
        "store": "门店",
        "yuan": "金额（元）",
        "backlog": "存量前 {shown} 项，共 {count} 项",
        "open": "{rows} 行未修复",
        "repaired": "已修复 {rows} 行",
        "moves": "{metric} {value}，可能在 {lowest} 与 {highest} 之间",
        "stake": "{yuan} 元",
        "endangers": "影响：{metrics}",
        "owner": "责任人：{owner}",
        "many": "另有 {count} 条跨行规则未通过：{rules}",
        "more": "还有 {count} 行。",
        "rule": "{rule}（{status}）：{sentence}",
        "broken": "{table}：{failed} / {checked} 行违反，已修复 {repaired} 行",
        "hint": "处理：{hint}",
        "query": "列出全部的查询：",
        "correct": "更正一行：",
        "no_rows": "没有违反该规则的行。",
        "many_rows": "该规则涉及多行或多表，请按处理建议在源系统更正。",
        "rows": ("批次", "行号", "门店", "键", "说明"),
        "report": "报告：{path}",
        "stores_more": "还有 {count} 家门店",
        "unknown": "未知门店",
    },
    "en": {
        "head": "{version}, as of {as_of}: {verdict}. {rules} rules, {passed} passed, "
        "{warned} warned, {failed} failed, {error} could not be judged.",
        "verdicts": {
            "pass": "passed", "warn": "passed with warnings", "fail": "failed", "error": "error",
        },
        "counts": ("Landed", "Clean", "Kept out", "Repaired", "Pass at landing"),
        "source": "Source",
        "store": "Store",
        "yuan": "Yuan at stake",
        "backlog": "Top {shown} of {count} in the backlog",
        "open": "{rows} rows open",
        "repaired": "{rows} repaired",
        "moves": "{metric} {value}, could be {lowest} to {highest}",
        "stake": "{yuan} yuan",
        "endangers": "endangers {metrics}",
        "owner": "owner: {owner}",
        "many": "{count} rules over several rows fire as well: {rules}",
        "more": "{count} rows more.",
        "rule": "{rule} ({status}): {sentence}",
        "broken": "{table}: {failed} of {checked} rows break it, {repaired} repaired",
        "hint": "To do: {hint}",
        "query": "The query that returns them all:",
        "correct": "To correct one:",
        "no_rows": "No row breaks it.",
        "many_rows": "The rule is about several rows or tables: mend it in the source as said.",
        "rows": ("Batch", "Row", "Store", "Key", "Detail"),
        "report": "Report: {path}",
        "stores_more": "{count} stores more",
        "unknown": "unknown store",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What a steward asks for."""

    lang: str = "zh"
    store: str | None = None
    rule_id: str | None = None


def print_quality(home: Home, request: Request, project: Path, console: Console) -> None:
    """Print the standing of the published version, or one rule of it."""
    if request.lang not in LANGUAGES:
        raise AftersalesError(f"--lang '{request.lang}' is not known: say zh or en.")
    manifest = published(home)
    with open_version(database_of(home, manifest.version_id)) as reader:
        store = reader.find_store(request.store)
        printer = _Printer(console, request.lang, read_dictionary(project))
        printer.head(reader, manifest)
        if request.rule_id is None:
            printer.scorecards(reader, store)
            printer.backlog(reader, store)
            printer.report(home, manifest)
        else:
            printer.rule(reader, request.rule_id, store)


@dataclass(frozen=True)
class _Printer:
    console: Console
    lang: str
    dictionary: Dictionary

    @property
    def words(self) -> dict[str, Any]:
        return _WORDS[self.lang]

    def head(self, reader: Reader, manifest: Manifest) -> None:
        verdict = reader.verdict()
        text = self.words["head"].format(
            version=manifest.version_id,
            as_of=verdict["as_of_on"],
            verdict=self.words["verdicts"][verdict["verdict"]],
            rules=verdict["rules_checked"],
            passed=verdict["rules_passed"],
            warned=verdict["rules_warned"],
            failed=verdict["rules_failed"],
            error=verdict["rules_in_error"],
        )
        label = f" ({manifest.synthetic_label})" if manifest.synthetic_label else ""
        self.console.print(f"{escape(text)}[dim]{escape(label)}[/]")

    def scorecards(self, reader: Reader, store: str | None) -> None:
        if store is None:
            table = self._table(self.words["source"])
            for row in reader.ask("sources"):
                if row["table_name"] is None:
                    table.add_row(row["system"], *_counts(row))
            self.console.print(table)
        stores = reader.ask("stores", store=store)
        table = self._table(self.words["store"], self.words["yuan"])
        for row in stores[:STORES_SHOWN]:
            name = row["store_name"] or f"{row['store_id']} ({self.words['unknown']})"
            table.add_row(str(name), *_counts(row), _yuan(row["yuan_at_stake"]))
        self.console.print(table)
        if len(stores) > STORES_SHOWN:
            text = self.words["stores_more"].format(count=len(stores) - STORES_SHOWN)
            self.console.print(f"[dim]{text}[/]")

    def backlog(self, reader: Reader, store: str | None) -> None:
        items = reader.ask("backlog", store=store)
        shown = items[:BACKLOG_SHOWN]
        title = self.words["backlog"].format(shown=len(shown), count=len(items))
        self.console.print(f"\n[bold]{title}[/]")
        for number, item in enumerate(shown, 1):
            self._backlog_item(number, item)
        rules = [rule for rule in reader.ask("rules", rule=None) if rule["status"] != "PASS"]
        many = [str(rule["rule_id"]) for rule in rules if is_of_many_rows(rule)]
        if many and store is None:
            named = ", ".join(many[:RULES_SHOWN]) + (" …" if len(many) > RULES_SHOWN else "")
            text = self.words["many"].format(count=len(many), rules=named)
            self.console.print(f"[dim]{escape(text)}[/]")

    def report(self, home: Home, manifest: Manifest) -> None:
        page = home.versions / manifest.version_id / FOLDER / "index.html"
        if page.is_file():
            text = escape(self.words["report"].format(path=page))
            self.console.print(f"[dim]{text}[/]", soft_wrap=True)

    def rule(self, reader: Reader, rule_id: str, store: str | None) -> None:
        rule, words = reader.rule(rule_id), self.words
        colour = _STATUS_STYLES[rule["status"]]
        sentence = rule[f"sentence_{self.lang}"] or rule["message"]
        text = words["rule"].format(rule=rule_id, status=rule["status"], sentence=sentence)
        self.console.print(f"[bold {colour}]{escape(text)}[/]")
        count = words["broken"].format(
            table=rule["table_name"],
            failed=rule["rows_failed"],
            checked=rule["rows_checked"],
            repaired=rule["rows_repaired"],
        )
        metrics = list_metrics(self.dictionary, rule["endangered_metrics"], self.lang)
        endangers = words["endangers"].format(metrics=metrics)
        owner = words["owner"].format(owner=rule["owner"])
        self.console.print(escape(f"{count} · {endangers} · {owner}"))
        self.console.print(escape(words["hint"].format(hint=rule[f"fix_hint_{self.lang}"])))
        rows = reader.ask("failing_rows", rule=rule_id, store=store, limit=ROWS_SHOWN + 1)
        if not rows:
            self.console.print(words["no_rows"])
            return
        self._rows(rows[:ROWS_SHOWN])
        if len(rows) > ROWS_SHOWN:
            listed = int(rule["rows_failed"]) - ROWS_SHOWN
            if store is None:
                self.console.print(f"[dim]{words['more'].format(count=listed)}[/]")
        self.console.print(f"\n{words['query']}")
        self.console.print(escape(all_rows_query(rule)), soft_wrap=True)
        command = correct_command(rows[0])
        if rule["rule_kind"] == ROW and command:
            self.console.print(f"\n{words['correct']}")
            self.console.print(escape(command), soft_wrap=True)
        else:
            self.console.print(f"\n{words['many_rows']}")

    def _backlog_item(self, number: int, item: Row) -> None:
        words = self.words
        place = item["store_name"] or item["store_key"] or "–"
        parts = [words["open"].format(rows=item["open_row_count"])]
        if item["repaired_row_count"]:
            parts.append(words["repaired"].format(rows=item["repaired_row_count"]))
        if item["yuan_at_stake"] is not None:
            parts.append(words["stake"].format(yuan=_yuan(item["yuan_at_stake"])))
        self.console.print(
            f"{number:>2} [bold]{escape(str(place))}[/] {item['rule_id']} · {' · '.join(parts)}"
        )
        self.console.print(f"   {escape(str(item[f'sentence_{self.lang}']))}")
        metrics = list_metrics(self.dictionary, item["endangered_metrics"], self.lang)
        consequence = words["endangers"].format(metrics=metrics)
        if item["metric_code"] is not None and item["lowest_value"] is not None:
            unit = item["unit"]
            consequence = words["moves"].format(
                metric=metric_title(self.dictionary, item["metric_code"], self.lang),
                value=show_value(item["metric_value"], unit),
                lowest=show_value(item["lowest_value"], unit),
                highest=show_value(item["highest_value"], unit),
            )
        owner = words["owner"].format(owner=item["owner"])
        self.console.print(f"   [dim]{escape(f'{consequence} · {owner}')}[/]")

    def _rows(self, rows: list[Row]) -> None:
        table = Table(box=None, padding=(0, 1))
        for heading in self.words["rows"]:
            table.add_column(heading, overflow="fold")
        for row in rows:
            table.add_row(
                str(row["batch_id"] or row["business_on"] or ""),
                str(row["row_number"] or ""),
                str(row["store_name"] or row["store_id"] or ""),
                escape(str(row["row_key"] or "")),
                escape(str(row["detail"] or "")),
            )
        self.console.print(table)

    def _table(self, first: str, *last: str) -> Table:
        table = Table(box=None, padding=(0, 1))
        table.add_column(first)
        for heading in (*self.words["counts"], *last):
            table.add_column(heading, justify="right")
        return table


def _counts(row: Row) -> list[str]:
    numbers = [row[f"rows_{name}"] for name in ("landed", "clean", "quarantined", "repaired")]
    share = row["pass_share"]
    return [*(f"{number:,}" for number in numbers), "–" if share is None else f"{share:.2%}"]


def _yuan(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def make_console() -> Console:
    """A console wide enough for a scorecard."""
    console = Console(highlight=False)
    console.width = max(console.width, _WIDTH)
    return console
