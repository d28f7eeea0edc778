"""The steward's report: a static, linked, bilingual site beside the version it speaks of."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from aftersales.files import temporary_name
from aftersales.home import Home
from aftersales.metrics.dictionary import Dictionary, read_dictionary
from aftersales.steward import FOLDER, drawing
from aftersales.steward.beside import BESIDE_PAGES, Beside, read_beside
from aftersales.steward.history import Snapshot, changes, read_history
from aftersales.steward.reading import (
    Reader,
    Row,
    all_rows_query,
    correct_command,
    open_version,
)
from aftersales.steward.wording import list_metrics, metric_title, show_value
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.versions import database_of

_EXAMPLES, _BACKLOG_ON_INDEX, _BATCHES, _STORES_BY_RULE = 6, 10, 200, 12
# Pages in the order of the menu: file, title, and the template of the same stem.
_PAGES = (
    ("index.html", "今日", "Today"),
    ("backlog.html", "存量", "Backlog"),
    ("bounds.html", "误差棒", "Error bars"),
    ("rules.html", "规则", "Rules"),
    ("sources.html", "来源", "Sources"),
    ("stores.html", "门店", "Stores"),
    ("corrections.html", "更正", "Corrections"),
    ("holds.html", "暂缓发布", "Holds"),
    ("accounting.html", "行数核对", "Row accounts"),
    *BESIDE_PAGES,
)
_VERDICTS = {
    "pass": ("通过", "passed"),
    "warn": ("通过（有警告）", "passed with warnings"),
    "fail": ("不通过", "failed"),
    "error": ("出错", "error"),
}


@dataclass(frozen=True)
class _Facts:
    """Everything the pages show, read once."""

    verdict: Row
    sources: list[Row]
    stores: list[Row]
    backlog: list[Row]
    rules: list[Row]
    examples: dict[str, list[Row]]
    rule_stores: dict[str, list[Row]]
    bounds: list[Row]
    corrections: list[Row]
    holds: list[Row]
    accounting: list[Row]
    first_landing: list[Row]
    landed: dict[tuple[str, str, int], Row]
    history: list[Snapshot]
    beside: Beside


def write_site(home: Home, manifest: Manifest, project: Path) -> Path:
    """Write the report into the folder of a published version, and give its first page."""
    folder = home.versions / manifest.version_id / FOLDER
    new = temporary_name(folder)
    shutil.rmtree(new, ignore_errors=True)
    (new / "rules").mkdir(parents=True)
    facts = _read_facts(home, manifest)
    _Writer(new, manifest, facts, read_dictionary(project)).write()
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)
    return folder / "index.html"


def _read_facts(home: Home, manifest: Manifest) -> _Facts:
    with open_version(database_of(home, manifest.version_id)) as reader:
        examples = reader.ask("failing_rows", rule=None, store=None, limit=_EXAMPLES)
        return _Facts(
            verdict=reader.verdict(),
            sources=reader.ask("sources"),
            stores=reader.ask("stores", store=None),
            backlog=reader.ask("backlog", store=None),
            rules=reader.ask("rules", rule=None),
            examples=_by_rule(examples),
            rule_stores=_by_rule(reader.ask("rule_stores")),
            bounds=reader.ask("bounds"),
            corrections=reader.ask("corrections"),
            holds=reader.ask("holds"),
            accounting=reader.ask("accounting", limit=_BATCHES),
            first_landing=reader.ask("first_landing"),
            landed=_landed(reader, examples),
            history=read_history(home, manifest),
            beside=read_beside(reader),
        )


def _landed(reader: Reader, examples: list[Row]) -> dict[tuple[str, str, int], Row]:
    return reader.landed_rows([row for row in examples if row["source_file"] is not None])


def _by_rule(rows: list[Row]) -> dict[str, list[Row]]:
    return {str(rule_id): list(found) for rule_id, found in groupby(rows, lambda r: r["rule_id"])}


class _Writer:
    """Renders the pages of one version."""

    def __init__(self, folder: Path, manifest: Manifest, facts: _Facts, dictionary: Dictionary):
        """Prepare the templates."""
        self.folder, self.facts, self.dictionary = folder, facts, dictionary
        self.failing = [rule for rule in facts.rules if rule["status"] != "PASS"]
        self.environment = Environment(
            loader=PackageLoader("aftersales.steward"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        loader = self.environment.loader
        assert loader is not None
        style, _, _ = loader.get_source(self.environment, "steward.css")
        script, _, _ = loader.get_source(self.environment, "steward.js")
        self.environment.globals |= {
            "style": style,
            "script": script,
            "pages": _PAGES,
            "manifest": manifest,
            "facts": facts,
            "failing": self.failing,
            "failing_ids": {rule["rule_id"] for rule in self.failing},
            "verdict": _VERDICTS[facts.verdict["verdict"]],
            "trend": drawing.trend,
            "title_of": partial(metric_title, dictionary),
            "titles_of": partial(list_metrics, dictionary),
            "show": show_value,
        }
        self.environment.filters |= {"count": _count, "yuan": _yuan, "share": _share}

    def write(self) -> None:
        """Write every page."""
        for page, build in self._contents().items():
            self._render(page, page, root="", **build())
        for rule in self.failing:
            rule_id = str(rule["rule_id"])
            examples = self.facts.examples.get(rule_id, [])
            self._render(
                "rule.html",
                f"rules/{rule_id}.html",
                root="../",
                rule=rule,
                query=all_rows_query(rule),
                stores=self.facts.rule_stores.get(rule_id, [])[:_STORES_BY_RULE],
                examples=[self._example(row) for row in examples],
                failed=[one.rows_failed.get(rule_id) for one in self.facts.history],
                bounded=[item for item in self.facts.backlog if item["rule_id"] == rule_id],
            )

    def _contents(self) -> dict[str, Callable[[], dict[str, Any]]]:
        return {
            "index.html": self._index,
            "backlog.html": dict,
            "bounds.html": self._bounds,
            "rules.html": self._rules,
            "sources.html": self._sources,
            "stores.html": dict,
            "corrections.html": dict,
            "holds.html": dict,
            "accounting.html": dict,
            **self.facts.beside.contents(),
        }

    def _render(self, template: str, page: str, **values: Any) -> None:
        text = self.environment.get_template(template).render(page=page, **values)
        (self.folder / page).write_text(text, encoding="utf-8")

    def _index(self) -> dict[str, Any]:
        facts = self.facts
        moved = changes(facts.history)
        before = facts.history[-2] if facts.history[1:] else None
        totals = [row for row in facts.sources if row["table_name"] is None]
        return {
            "totals": {
                name: sum(row[f"rows_{name}"] for row in totals)
                for name in ("landed", "clean", "quarantined", "repaired")
            },
            "before": before,
            "now": facts.history[-1] if facts.history else None,
            "more": [one for one in moved if one.difference > 0],
            "fewer": [one for one in moved if one.difference < 0],
            "new": [one for one in moved if one.is_new],
            "top": facts.backlog[:_BACKLOG_ON_INDEX],
            "stake": sum((row["yuan_at_stake"] or 0) for row in facts.backlog),
            "steps": self._steps(),
        }

    def _steps(self) -> dict[str, Any]:
        """The four steps of governance, measured."""
        metrics = [one for one in self.dictionary.metrics.values() if one.kind == "metric"]
        days = [
            row["days_to_decide"]
            for row in self.facts.corrections
            if row["days_to_decide"] is not None
        ]
        return {
            "metrics": len(metrics),
            "owned": sum(1 for one in metrics if one.owner),
            "certified": sum(1 for one in metrics if one.status == "certified"),
            "open": [one.open_rows for one in self.facts.history],
            "repaired": [one.rows_repaired for one in self.facts.history],
            "landing": self._landing_by_source(),
            "median_days": median(days) if days else None,
            "corrections": len(self.facts.corrections),
        }

    def _landing_by_source(self) -> list[dict[str, Any]]:
        """By source, the share of new rows that break no rule, month by month."""
        months = sorted({row["month"] for row in self.facts.first_landing})
        found = []
        for system, rows in groupby(self.facts.first_landing, lambda row: row["system"]):
            shares = {row["month"]: row["pass_share"] for row in rows}
            found.append(
                {
                    "system": system,
                    "months": months,
                    "shares": [shares.get(month) for month in months],
                    "newest": shares[max(shares)],
                    "newest_month": max(shares),
                }
            )
        return found

    def _bounds(self) -> dict[str, Any]:
        metrics = []
        for code, rows in groupby(self.facts.bounds, lambda row: row["metric_code"]):
            listed = list(rows)
            months = sorted({row["month_start_on"] for row in listed if row["is_complete"]})
            if not months:
                continue
            shown = [row for row in listed if row["month_start_on"] == months[-1]]
            if any(row["is_provisional"] for row in shown):
                settled = [r for r in listed if r["is_complete"] and not r["is_provisional"]]
                newest = max((r["month_start_on"] for r in settled), default=months[-1])
                shown = [row for row in listed if row["month_start_on"] == newest]
            metrics.append({"code": code, "unit": shown[0]["unit"], "rows": _with_bars(shown)})
        kinds = {
            item["bound_kind"]: (item["bound_zh"], item["bound_en"])
            for item in self.facts.backlog
            if item["bound_kind"] is not None and item["bound_zh"] is not None
        }
        return {"metrics": metrics, "kinds": sorted(kinds.values())}

    def _rules(self) -> dict[str, Any]:
        failed = {
            rule["rule_id"]: [one.rows_failed.get(rule["rule_id"]) for one in self.facts.history]
            for rule in self.facts.rules
        }
        return {"failed": failed}

    def _sources(self) -> dict[str, Any]:
        return {"landing": self._landing_by_source()}

    def _example(self, row: Row) -> dict[str, Any]:
        place = (str(row["table_name"]), str(row["batch_id"]), int(row["row_number"] or 0))
        return {
            **row,
            "values": self.facts.landed.get(place, {}),
            "command": correct_command(row) if row["source_file"] is not None else None,
        }


def _with_bars(rows: list[Row]) -> list[Row]:
    """The stores of a metric on one axis, from the lowest bound to the highest."""
    known = [row for row in rows if row["lowest_value"] is not None]
    known = [row for row in known if row["highest_value"] is not None]
    if not known:
        return []
    axis = (
        float(min(row["lowest_value"] for row in known)),
        float(max(row["highest_value"] for row in known)),
    )
    return [
        {
            **row,
            "bar": drawing.bounds(
                row["lowest_value"], row["metric_value"], row["highest_value"], axis,
                f"{row['lowest_value']} – {row['metric_value']} – {row['highest_value']}",
            ),
        }
        for row in known
    ]  # fmt: skip


def _count(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _yuan(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"
